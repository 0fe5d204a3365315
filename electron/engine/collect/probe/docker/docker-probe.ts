import { request } from 'node:http';
import { z } from 'zod';
import type { DockerCheckConfig } from '../../../config/index.ts';
import type { CreateProbe } from '../probe.ts';
import { ProbeFailure, UP } from '../run-probe.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { runService, verdict, withTimeoutOnOurSide } from '../run-service.ts';

const container = z.object({
  Name: z.string(),
  RestartCount: z.number().optional(),
  Config: z.object({ Image: z.string().optional() }).optional(),
  State: z.object({
    Status: z.string(),
    OOMKilled: z.boolean().optional(),
    ExitCode: z.number().optional(),
    StartedAt: z.string().optional(),
    Health: z
      .object({
        Status: z.string(),
        FailingStreak: z.number().optional(),
        Log: z.array(z.object({ ExitCode: z.number().optional(), Output: z.string().optional() })).nullish(),
      })
      .optional(),
  }),
});
type Container = z.output<typeof container>;

/** Asks the Docker engine, over its socket, how a container is: what its own health check says, and whether it runs. */
export const createDockerProbe: CreateProbe<DockerCheckConfig> = (config, timeoutMs, { clock }) => {
  const address = `Docker at ${config.socket}`;
  const setting = { clock, address, timeoutMs, thresholds: config.thresholds };
  return {
    run: (signal) =>
      withTimeoutOnOurSide(
        runService(setting, signal, async (run) => {
          const { status, text } = await askDocker(config, signal);
          if (status === 404) return verdict('down', 'missing', `There is no container "${config.container}".`);
          const read = status === 200 ? container.safeParse(parseJson(text)) : null;
          if (read?.success !== true) {
            return verdict('unknown', 'protocol', `${address} answered ${String(status)}, and not as Docker does.`);
          }
          return judge(read.data, run);
        }),
      ),
  };
};

const LARGEST_ANSWER_BYTES = 1024 * 1024;

/** Faults of the socket are on this side: they say nothing about the container. */
function askDocker(
  { socket, container: name }: DockerCheckConfig,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const path = `/containers/${encodeURIComponent(name)}/json`;
    const outgoing = request(
      { socketPath: socket, path, headers: { Host: 'docker' }, agent: false, signal },
      (incoming) => {
        const chunks: Buffer[] = [];
        let sizeBytes = 0;
        incoming.on('data', (chunk: Buffer) => {
          sizeBytes += chunk.length;
          if (sizeBytes <= LARGEST_ANSWER_BYTES) chunks.push(chunk);
          else incoming.destroy(new ProbeFailure('unknown', 'size', `${socket} sends an answer without end.`));
        });
        incoming.once('error', reject);
        incoming.once('end', () => {
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      reject(explainSocketError(error, socket));
    });
    outgoing.end();
  });
}

function explainSocketError(error: NodeJS.ErrnoException, socket: string): Error {
  if (error.code?.startsWith('HPE_') === true) {
    return new ProbeFailure('unknown', 'protocol', `What listens on ${socket} is not Docker.`);
  }
  if (error.code === 'ECONNRESET') {
    return new ProbeFailure(
      'unknown',
      'reset',
      `Docker at ${socket} closed the connection before its answer was complete.`,
    );
  }
  switch (error.code) {
    case 'ENOENT':
      return new ProbeFailure('unknown', 'socket', `There is no Docker socket at ${socket}. Does Docker run here?`);
    case 'EACCES':
    case 'EPERM':
      return new ProbeFailure('unknown', 'permission', `The socket ${socket} may not be used by this user. Add it to the group "docker".`); // prettier-ignore
    case 'ECONNREFUSED':
      return new ProbeFailure('unknown', 'refused', `Nobody listens on ${socket}: the Docker engine does not run.`);
    default:
      return error;
  }
}

function judge({ Name, RestartCount = 0, Config, State }: Container, run: ProbeRun): Verdict {
  const { Status: status, Health, StartedAt = '', ExitCode = 0, OOMKilled } = State;
  const name = Name.replace(/^\//, '');
  const labels = { name };
  const health = Health?.Status ?? 'none';
  run.note('containerState', health === 'none' ? status : `${status}, ${health}`);
  run.note('image', Config?.Image ?? '');
  run.note('restarts', RestartCount);
  run.add('vedette_check_container_running', status === 'running' ? 1 : 0, labels);
  if (health !== 'none') run.add('vedette_check_container_healthy', health === 'healthy' ? 1 : 0, labels);
  run.add('vedette_check_container_restarts_total', RestartCount, labels);
  const startedAt = Date.parse(StartedAt);
  if (status === 'running' && startedAt > 0) run.add('container_start_time_seconds', startedAt / 1000, labels);
  const which = `The container "${name}"`;
  switch (status) {
    case 'running':
      break;
    case 'paused':
      return verdict('down', 'paused', `${which} is paused. Go on with: docker unpause ${name}`);
    case 'restarting':
      return verdict('down', 'restarting', `${which} ends again and again (exit code ${String(ExitCode)}, ${String(RestartCount)} restarts). See: docker logs ${name}`); // prettier-ignore
    case 'created':
      return verdict('down', 'created', `${which} was made and never started.`);
    default: {
      const cause = OOMKilled === true ? 'it used up its memory' : `exit code ${String(ExitCode)}`;
      return verdict('down', 'exited', `${which} does not run: ${status}, ${cause}. See: docker logs ${name}`);
    }
  }
  if (health === 'starting') return verdict('unknown', 'starting', `${which} is starting: its health check has not passed yet.`); // prettier-ignore
  if (health !== 'unhealthy') return UP;
  const output = (Health?.Log?.at(-1)?.Output ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 300);
  const streak = `${String(Health?.FailingStreak ?? 1)} times in a row`;
  return verdict(
    'down',
    'unhealthy',
    `${which} fails its health check (${streak})${output === '' ? '.' : `: ${output}`}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
