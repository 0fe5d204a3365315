import type { FastifyInstance } from 'fastify';
import type { ProbeQuestion, ProbeReply } from '../engine/collect/probe/answer-probe.ts';

/** Asks a target as a module says; see `answerProbe`. */
export type AskProbe = (question: ProbeQuestion, signal: AbortSignal) => Promise<ProbeReply>;

/** `/probe?target=…&module=…`, as blackbox_exporter answers it. Without modules in the configuration nobody is asked. */
export function addProbeRoute(app: FastifyInstance, ask: AskProbe): void {
  app.get('/probe', async (request, reply) => {
    const gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableEnded) gone.abort();
    });
    const header = request.headers['x-prometheus-scrape-timeout-seconds'];
    const { status, contentType, body } = await ask(
      {
        params: new URL(request.url, 'http://localhost').searchParams,
        scrapeTimeoutSeconds: typeof header === 'string' ? header : null,
      },
      gone.signal,
    );
    return reply.code(status).type(contentType).send(body);
  });
}
