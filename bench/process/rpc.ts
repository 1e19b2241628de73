import { type ChildProcess, fork } from 'node:child_process';

/** What a process of the bench does when it is asked: one argument, one answer, both plain data. */
// biome-ignore lint/suspicious/noExplicitAny: handlers of any argument are handlers
export type Handlers = Readonly<Record<string, (argument: any) => unknown>>;

type Question = { readonly id: number; readonly name: string; readonly argument: unknown };
type Answer = { readonly id: number; readonly value?: unknown; readonly error?: string };

/** In the child: answers until the parent goes away. */
export function serve(handlers: Handlers): void {
  const answer = async ({ id, name, argument }: Question): Promise<Answer> => {
    try {
      return { id, value: await handlers[name]?.(argument) };
    } catch (error) {
      return { id, error: (error as Error).stack ?? String(error) };
    }
  };
  process.on('message', (question: Question) => void answer(question).then((a) => process.send?.(a)));
  process.on('disconnect', () => process.exit(0));
}

export type Host<H extends Handlers> = {
  readonly pid: number;
  /** Throws what the child threw, or that it ended. */
  call<N extends keyof H & string>(
    name: N,
    ...argument: Parameters<H[N]>
  ): Promise<Awaited<ReturnType<H[N]>>>;
  /** Ends the child and waits until it has ended. */
  end(): Promise<void>;
};

/** Of the environment a child needs no more than this; the operator's settings must not reach it. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return JSON.parse(JSON.stringify({ PATH, HOME, TMPDIR, LANG })) as NodeJS.ProcessEnv;
}

/** Starts a module that calls `serve`. What it prints goes to standard error. */
export function startHost<H extends Handlers>(entry: URL, execArgv: readonly string[] = []): Host<H> {
  const child: ChildProcess = fork(entry, {
    execArgv: ['--enable-source-maps', ...execArgv],
    env: bareEnvironment(),
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const open = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let next = 0;
  let gone: Error | undefined;
  child.on('message', ({ id, value, error }: Answer) => {
    const asked = open.get(id);
    open.delete(id);
    if (error === undefined) asked?.resolve(value as never);
    else asked?.reject(new Error(error));
  });
  const exited = new Promise<void>((resolve) => {
    const end = (why: string) => {
      gone ??= new Error(`bench: ${entry.pathname.split('/').slice(-2).join('/')} ${why}`);
      for (const { reject } of open.values()) reject(gone);
      open.clear();
      resolve();
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, signal) => end(`ended with ${signal ?? code}`));
  });
  return {
    pid: child.pid as number,
    call: (name, ...[argument]) =>
      new Promise((resolve, reject) => {
        if (gone) return void reject(gone);
        const id = next++;
        open.set(id, { resolve, reject });
        child.send({ id, name, argument } satisfies Question);
      }),
    async end() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
