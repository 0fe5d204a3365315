import {
  UPTIME_RANGES,
  type Beat,
  type CheckRecord,
  type Service,
  type ServiceDetail,
} from '../../shared/contract/services.ts';
import { compareBadness, type State } from '../../shared/model/state.ts';
import { share, wave } from './sample-random.ts';

const NAMES = [
  'checkout-api',
  'payments',
  'catalogue',
  '订单服务',
  'search',
  'inventory',
  'mailer',
  'auth',
  'recommendations-with-a-rather-long-name-for-a-service',
  'node',
  'postgres',
  'redis',
];
const STATES: readonly State[] = [
  'down',
  'up',
  'up',
  'degraded',
  'up',
  'up',
  'up',
  'unknown',
  'up',
  'up',
  'paused',
  'up',
];
const BEAT_MS = 15_000;

/** Services in every state, worst first, the same ones for the same count. */
export function sampleServices(count: number, now: number): Service[] {
  return Array.from({ length: count }, (_, index) => sampleService(index, now)).sort(
    (a, b) => compareBadness(a.state, b.state) || a.name.localeCompare(b.name),
  );
}

function sampleService(index: number, now: number): Service {
  const base = NAMES[index % NAMES.length] ?? 'service';
  const round = Math.floor(index / NAMES.length);
  const name = round === 0 ? base : `${base}-${String(round + 1)}`;
  // One in twelve is down in the first round; later rounds are mostly well, as in life.
  const state = round === 0 || share(name) > 0.93 ? (STATES[index % STATES.length] ?? 'up') : 'up';
  const isTarget = index % 12 >= 9;
  const address = isTarget ? `10.0.0.${String((index % 200) + 4)}:9100` : `https://${base}.example/health`;
  const beats = beatsOf(name, state, now);
  const isDown = state === 'down';
  return {
    id: isTarget ? `target:${base}/${address}` + (round === 0 ? '' : `#${String(round)}`) : `check:${name}`,
    kind: isTarget ? 'target' : 'check',
    probe: isTarget ? null : 'http',
    name,
    group: isTarget ? base : 'checks',
    address,
    state,
    message: isDown
      ? 'HTTP 502 from 10.0.0.4:443; 3 of 3 checks failed.'
      : state === 'degraded'
        ? 'Answered in 2.4 s; the limit is 1 s.'
        : state === 'unknown'
          ? 'No answer yet.'
          : null,
    since: state === 'up' ? now - 86_400_000 * 3 : now - 252_000,
    lastCheckedAt: state === 'unknown' ? null : (beats.at(-1)?.at ?? null),
    intervalMs: BEAT_MS,
    latencyMs: isDown || state === 'unknown' ? null : 20 + wave(name, now) * 180,
    uptime24h: state === 'unknown' ? null : isDown ? 0.9521 : state === 'degraded' ? 0.9987 : 1,
    beats,
    flapping: state === 'degraded',
    unreachableBy: null,
    maintenance: null,
    labels: { env: index % 3 === 0 ? 'production' : 'staging', team: index % 2 === 0 ? 'shop' : 'platform' },
  };
}

function beatsOf(name: string, state: State, now: number): Beat[] {
  if (state === 'unknown') return [];
  const last = Math.floor(now / BEAT_MS) * BEAT_MS;
  return Array.from({ length: 40 }, (_, index): Beat => {
    const at = last - (39 - index) * BEAT_MS;
    const recent = index >= 24;
    const own: State = recent ? state : share(`${name}${String(at)}`) > 0.985 ? 'degraded' : 'up';
    return {
      at,
      state: own,
      durationMs: own === 'down' ? null : 20 + wave(name, at) * 180,
      message: own === 'down' ? 'HTTP 502' : null,
    };
  });
}

/** Uptime, outages and dependencies, as a check of some weeks has them. */
function sampleRecord(service: Service, now: number): CheckRecord {
  const day = 86_400_000;
  const downMs = service.state === 'down' ? 4_140_000 : 312_000;
  return {
    uptimes: UPTIME_RANGES.map((range, index) => {
      const rangeMs = [1, 7, 30, 90][index] ?? 1;
      const watchedMs = Math.min(rangeMs, 41) * day;
      const latency = service.latencyMs ?? 140;
      return {
        range,
        uptime: (watchedMs - 3_600_000 - downMs) / (watchedMs - 3_600_000),
        upMs: watchedMs - 3_600_000 - downMs,
        downMs,
        unknownMs: 600_000,
        maintenanceMs: 3_000_000,
        noDataMs: rangeMs * day - watchedMs,
        p50Ms: latency,
        p95Ms: latency * 1.9,
        p99Ms: latency * 3.7,
        answers: 2_800 * Math.min(rangeMs, 41),
      };
    }),
    outages: [
      ...(service.state === 'down'
        ? [{ state: 'down' as const, from: now - 252_000, until: now - 9_000, current: true, reason: service.message }]
        : []),
      { state: 'maintenance', from: now - day, until: now - day + 3_000_000, current: false, reason: 'Nightly backup' },
      {
        state: 'down',
        from: now - 2 * day,
        until: now - 2 * day + 312_000,
        current: false,
        reason: 'Connection refused by 10.0.0.4:443.',
      },
      {
        state: 'unreachable',
        from: now - 9 * day,
        until: now - 9 * day + 600_000,
        current: false,
        reason: 'No connection to 10.0.0.4:443 within 10 s.',
      },
    ],
    changePercent: service.flapping ? 34 : 0,
    dependencies: [{ id: 'check:payments', name: 'payments', state: 'up' }],
  };
}

/** The same service with everything that its page shows. */
export function sampleDetail(service: Service, now: number): ServiceDetail {
  const history = [...service.beats].reverse().map((beat) => ({
    ...beat,
    phases:
      beat.durationMs === null
        ? null
        : {
            resolveMs: 2,
            connectMs: 8,
            tlsMs: service.kind === 'check' ? 19 : null,
            processingMs: beat.durationMs * 0.7,
            transferMs: 1.5,
          },
  }));
  return {
    ...service,
    history,
    changes:
      service.since === null
        ? []
        : [
            { at: service.since, state: service.state, message: service.message },
            { at: service.since - 7_200_000, state: 'up', message: null },
            { at: service.since - 7_500_000, state: 'down', message: 'Connection refused by 10.0.0.4:443.' },
          ],
    certificate:
      service.kind === 'check'
        ? {
            subject: 'shop.example',
            issuer: "Let's Encrypt R11",
            expiresAt: now + 9 * 86_400_000,
            trusted: true,
            problem: null,
          }
        : null,
    components:
      service.kind === 'check'
        ? [
            { name: 'database', state: service.state === 'down' ? 'down' : 'up', message: null },
            { name: 'disk', state: 'up', message: '71 % used' },
          ]
        : [],
    details:
      service.kind === 'check'
        ? [
            { name: 'httpStatus', value: service.state === 'down' ? '502' : '200' },
            { name: 'httpVersion', value: '1.1' },
          ]
        : [],
    record: service.kind === 'check' ? sampleRecord(service, now) : null,
    samplesScraped: service.kind === 'target' ? 1_204 : null,
    discoveredLabels:
      service.kind === 'target'
        ? {
            __address__: service.address,
            __meta_filepath: '/etc/targets/all.yml',
            __metrics_path__: '/metrics',
            __scheme__: 'http',
            __scrape_interval__: '15s',
            __scrape_timeout__: '10s',
            job: service.group,
          }
        : null,
    selector:
      service.kind === 'target'
        ? `{job="${service.group}",instance="${service.address}"}`
        : `{check="${service.name}"}`,
    config: `- name: ${service.name}\n  interval: 15s\n  http:\n    url: ${service.address}\n    status: [2xx]\n`,
  };
}
