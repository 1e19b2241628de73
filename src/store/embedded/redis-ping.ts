import { connect } from 'node:net';

const ANSWER_LIMIT_MS = 2_000;

/** Whether a Redis that is done loading listens on this Unix socket. */
export function redisAnswers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath }, () => socket.write('PING\r\n'));
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => done(false));
    socket.once('data', (data) => done(data.toString('latin1').startsWith('+PONG')));
    socket.once('error', () => done(false));
    socket.once('end', () => done(false));
  });
}
