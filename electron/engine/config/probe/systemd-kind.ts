import { resolveBeside } from '../file-pattern.ts';
import { convert, strict, text } from '../schema/values.ts';
import { validate } from '../validate.ts';
import type { ProbeKind } from './probe-kind.ts';
import type { Thresholds } from './sample-condition.ts';
import { describeThresholds, readThresholds, thresholdShape } from './service-values.ts';

export interface SystemdCheckConfig {
  readonly kind: 'systemd';
  /** With its suffix: `nginx.service`. */
  readonly unit: string;
  /** Socket of the bus on which systemd answers. */
  readonly bus: string;
  readonly thresholds: Thresholds;
}

const unit = convert(
  (value) => (/^[\w:.\\@-]+$/.test(value) ? (/\.[a-z]+$/.test(value) ? value : `${value}.service`) : null),
  'is not the name of a unit',
  'Write it like nginx.service.',
);

const schema = strict({ unit, bus: text().optional(), ...thresholdShape });

export const systemdKind: ProbeKind<SystemdCheckConfig> = {
  read(value, { place, findings, directory }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    const bus = raw.bus === undefined ? '/run/dbus/system_bus_socket' : resolveBeside(directory, raw.bus);
    return { kind: 'systemd', unit: raw.unit, bus, thresholds: readThresholds(raw) };
  },
  describe: ({ unit: name, bus, thresholds }) => ({ unit: name, bus, ...describeThresholds(thresholds) }),
  target: ({ unit: name }) => ({ host: null, address: name }),
};
