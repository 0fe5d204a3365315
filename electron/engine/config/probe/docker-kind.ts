import { resolveBeside } from '../file-pattern.ts';
import { strict, text } from '../schema/values.ts';
import { validate } from '../validate.ts';
import type { ProbeKind } from './probe-kind.ts';
import type { Thresholds } from './sample-condition.ts';
import { describeThresholds, readThresholds, thresholdShape } from './service-values.ts';

export interface DockerCheckConfig {
  readonly kind: 'docker';
  /** Name or id. */
  readonly container: string;
  /** Path of the socket or the named pipe of the Docker engine. */
  readonly socket: string;
  readonly thresholds: Thresholds;
}

const schema = strict({
  container: text().regex(/^[a-zA-Z0-9][\w.-]*$/, 'That is no name of a container'),
  socket: text().optional(),
  ...thresholdShape,
});

const USUAL_SOCKET = process.platform === 'win32' ? String.raw`\\.\pipe\docker_engine` : '/var/run/docker.sock';

export const dockerKind: ProbeKind<DockerCheckConfig> = {
  read(value, { place, findings, directory }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    const socket = raw.socket === undefined ? USUAL_SOCKET : resolveBeside(directory, raw.socket);
    return { kind: 'docker', container: raw.container, socket, thresholds: readThresholds(raw) };
  },
  describe: ({ container, socket, thresholds }) => ({ container, socket, ...describeThresholds(thresholds) }),
  target: ({ container }) => ({ host: null, address: container }),
};
