import { convert, duration, integer, boolean, strict, text } from '../schema/values.ts';
import { validate } from '../validate.ts';
import { describeIp, describeLimit, ipShape, readIp } from './network-settings.ts';
import type { IpPreference } from './network-settings.ts';
import type { ProbeKind } from './probe-kind.ts';

export interface IcmpCheckConfig {
  readonly kind: 'icmp';
  readonly host: string;
  /** So many answers, or their absence, make a result; 1 or more. */
  readonly packets: number;
  /** Between two packets. */
  readonly gapMs: number;
  /** A larger share of lost packets is degraded, 0–1; nothing but losses is down. */
  readonly maxLossRatio: number;
  /** A longer mean round trip is degraded; null for no limit. */
  readonly maxRoundTripMs: number | null;
  /** Asked over TCP where this program may not ping: a refusal proves that the machine is alive. */
  readonly fallbackPort: number;
  readonly ip: IpPreference | null;
  readonly sourceAddress: string | null;
  readonly payloadBytes: number | null;
  readonly ttl: number | null;
  readonly dontFragment: boolean;
}

/** Not an option of a command, above all. */
function isHost(value: string): boolean {
  return /^[\w.:%-]+$/.test(value) && !value.startsWith('-');
}

const host = convert(
  (value) => (isHost(value) ? value : null),
  'is not a name or an address',
  'Write it without a port, like router.example or 192.0.2.1.',
);
const ratio = convert(
  (value) => (Number(value) >= 0 && Number(value) <= 1 && value.trim() !== '' ? Number(value) : null),
  'is not a share',
  'Write a number from 0 to 1, such as 0.2.',
);
const packetCount = convert(
  (value) => (/^[1-9]\d{0,2}$/.test(value) ? Number(value) : null),
  'is not a number of packets',
  'Write a whole number from 1 to 999.',
);

/** Source of the keys that are not ours: blackbox_exporter's manual, `<icmp_probe>`. */
const schema = strict({
  host,
  packets: packetCount.optional(),
  gap: duration.optional(),
  max_loss: ratio.optional(),
  max_round_trip: duration.optional(),
  fallback_port: integer.optional(),
  source_ip_address: text().optional(),
  payload_size: integer.optional(),
  ttl: integer.optional(),
  dont_fragment: boolean.optional(),
  ...ipShape,
});

export const icmpKind: ProbeKind<IcmpCheckConfig> = {
  read(value, { place, findings }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    return {
      kind: 'icmp',
      host: raw.host,
      packets: raw.packets ?? 3,
      gapMs: Math.max(200, raw.gap ?? 1000),
      maxLossRatio: raw.max_loss ?? 0.2,
      maxRoundTripMs: raw.max_round_trip ?? null,
      fallbackPort: raw.fallback_port ?? 443,
      ip: readIp(raw),
      sourceAddress: raw.source_ip_address ?? null,
      payloadBytes: raw.payload_size ?? null,
      ttl: raw.ttl ?? null,
      dontFragment: raw.dont_fragment ?? false,
    };
  },
  describe: (config) => ({
    host: config.host,
    packets: config.packets,
    gap: describeLimit(config.gapMs),
    max_loss: config.maxLossRatio,
    max_round_trip: describeLimit(config.maxRoundTripMs),
    fallback_port: config.fallbackPort,
    source_ip_address: config.sourceAddress ?? undefined,
    payload_size: config.payloadBytes ?? undefined,
    ttl: config.ttl ?? undefined,
    dont_fragment: config.dontFragment ? true : undefined,
    ...describeIp(config.ip),
  }),
  retarget: (config, target) => (isHost(target) ? { ...config, host: target } : null),
  target: ({ host: name }) => ({ host: name, address: name }),
};
