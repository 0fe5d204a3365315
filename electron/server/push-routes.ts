import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PushReport } from '../engine/collect/probe/push/push-state.ts';

/** Takes the report of a job; false when no check expects the token. */
export type TakePush = (token: string, report: PushReport) => boolean;

const PREFIX = '/api/v1/push/';
const MOST_BODY_BYTES = 100 * 1024;
const MOST_MESSAGE_LENGTH = 1000;

export function isPushPath(path: string): boolean {
  return path.startsWith(PREFIX);
}

/** A URL as the log may have it. */
export function withoutToken(url: string): string {
  return isPushPath(url) ? `${PREFIX}…` : url;
}

/**
 * Where jobs report: `/api/v1/push/TOKEN`, with `/start`, `/success`, `/fail` or an exit code behind it. Parameters:
 * `status` (`up`, `down`), `msg`, `ping` (milliseconds), as Uptime Kuma takes them; a body is taken for the message. Any
 * method will do, as a job has whatever client it has. The token is all that is needed, and gives no other right.
 */
export function addPushRoutes(app: FastifyInstance, takePush: TakePush): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MOST_BODY_BYTES }, (_request, body, parsed) => {
      parsed(null, body);
    });
    const take = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      const { token = '', signal = '' } = request.params as Readonly<Record<string, string | undefined>>;
      const report = readReport(signal, request.query as Query, request.body);
      if (report === null) {
        const message = 'After the token comes nothing, start, success, fail or an exit code.';
        return reply.code(400).send({ ok: false, message });
      }
      if (!takePush(token, report)) return reply.code(404).send({ ok: false, message: 'No check has this token.' });
      return reply.send({ ok: true });
    };
    const method = ['GET', 'POST', 'PUT'];
    scope.route({ method, url: `${PREFIX}:token`, handler: take });
    scope.route({ method, url: `${PREFIX}:token/:signal`, handler: take });
    done();
  });
}

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** @returns null for words that mean nothing */
function readReport(word: string, query: Query, body: unknown): PushReport | null {
  const exitCode = /^\d{1,3}$/.test(word) ? Number(word) : null;
  const signal = signalOf(word, exitCode, first(query['status']));
  if (signal === null) return null;
  const said = first(query['msg']) ?? (typeof body === 'string' ? body : '');
  const ping = Number.parseFloat(first(query['ping']) ?? '');
  return {
    signal,
    message: said.trim().slice(0, MOST_MESSAGE_LENGTH),
    durationMs: ping >= 0 ? ping : null,
    exitCode,
  };
}

function signalOf(word: string, exitCode: number | null, status: string | undefined): PushReport['signal'] | null {
  if (exitCode !== null) return exitCode === 0 ? 'success' : 'fail';
  switch (word) {
    case 'start':
    case 'success':
    case 'fail':
      return word;
    case '':
      return status === 'down' || status === 'fail' ? 'fail' : 'success';
  }
  return null;
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
