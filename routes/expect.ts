import type { IncomingMessage, ServerResponse } from 'node:http';
import fp from 'fastify-plugin';

/** Tells who asked first (`Expect: 100-continue`) to go on only once key, limits and door have said yes. */
export const expectContinue = fp(async (app) => {
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
    app.routing(request, response),
  );
  app.addHook('preParsing', async ({ headers }, reply) => {
    if (/^100-continue$/i.test(headers.expect ?? '')) reply.raw.writeContinue();
  });
});
