import type { Dispatcher, Silences } from '../alert/route/index.ts';
import type { Clock } from '../schedule/index.ts';
import { listAlerts, listGroups } from './alerts-answer.ts';
import { answer, BadRequest, refusal } from './endpoint.ts';
import type { AlertmanagerPort, AlertmanagerReply, AlertmanagerRequest } from './endpoint.ts';
import { readPostedAlerts } from './post-alerts.ts';
import { listSilences, postSilence, wireSilence } from './silences-answer.ts';

export interface AlertmanagerPortOptions {
  readonly dispatcher: Pick<Dispatcher, 'receive' | 'alerts' | 'groups'>;
  readonly silences: Silences;
  readonly receivers: () => readonly string[];
  /** The running configuration as YAML, without secrets. */
  readonly configText: () => string;
  readonly version: string;
  readonly startedAt: number;
  readonly clock: Clock;
}

/**
 * Alertmanager's API v2, so that Prometheus sends its alerts here and amtool, Karma or Grafana work unchanged.
 *
 * Source: Alertmanager, api/v2/openapi.yaml.
 */
export function createAlertmanagerPort(options: AlertmanagerPortOptions): AlertmanagerPort {
  return {
    ask(request) {
      try {
        return answerRequest(options, request);
      } catch (error) {
        if (error instanceof BadRequest) return refusal(400, error.message);
        throw error;
      }
    },
  };
}

function answerRequest(options: AlertmanagerPortOptions, request: AlertmanagerRequest): AlertmanagerReply {
  const { dispatcher, silences, clock } = options;
  const { method, path, params, body } = request;
  const [, silenceId] = /^silence\/([^/]+)$/.exec(path) ?? [];
  if (silenceId !== undefined) return answerSilence(options, method, silenceId);
  switch (`${method} ${path}`) {
    case 'GET alerts':
      return answer(listAlerts(dispatcher.alerts(), params));
    case 'POST alerts':
      return takeAlerts(options, body);
    case 'GET alerts/groups':
      return answer(listGroups(dispatcher.groups(), params));
    case 'GET silences':
      return answer(listSilences(silences, params, clock.now()));
    case 'POST silences':
      return postSilence(silences, body);
    case 'GET receivers':
      return answer(options.receivers().map((name) => ({ name })));
    case 'GET status':
      return answer(status(options));
  }
  const isKnown = /^(?:alerts|alerts\/groups|silences|receivers|status)$/.test(path);
  return isKnown
    ? refusal(405, `method ${method} is not allowed for /${path}`)
    : refusal(404, `path /${path} was not found`);
}

function answerSilence({ silences, clock }: AlertmanagerPortOptions, method: string, id: string): AlertmanagerReply {
  if (method === 'DELETE') {
    const outcome = silences.expire(id);
    if (outcome.ok) return { status: 200, body: '' };
    return refusal(outcome.why === 'not-found' ? 404 : 500, outcome.message);
  }
  if (method !== 'GET') return refusal(405, `method ${method} is not allowed for /silence`);
  const silence = silences.get(id);
  return silence === null ? refusal(404, `silence ${id} not found`) : answer(wireSilence(silence, clock.now()));
}

function takeAlerts({ dispatcher, clock }: AlertmanagerPortOptions, body: unknown): AlertmanagerReply {
  const { alerts, problems } = readPostedAlerts(body, clock.now());
  dispatcher.receive(alerts);
  return problems.length === 0 ? { status: 200, body: '' } : refusal(400, problems.join('; '));
}

function status({ version, startedAt, configText }: AlertmanagerPortOptions): unknown {
  return {
    cluster: { name: '', peers: [], status: 'disabled' },
    config: { original: configText() },
    uptime: new Date(startedAt).toISOString(),
    versionInfo: { branch: '', buildDate: '', buildUser: '', goVersion: '', revision: '', version },
  };
}
