import { describe, expect, it } from 'vitest';
import { createIncidentBook, incidentTimeline } from '../../../../electron/engine/alert/care/index.ts';
import { openStateStore } from '../../../../electron/engine/store/state/index.ts';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 0, 5, 12);

function open() {
  const state = openStateStore({ file: ':memory:', clock: createManualClock(T0), log: () => undefined });
  const book = createIncidentBook(state.incidents);
  const fire = (
    fingerprint: string,
    minute: number,
    labels: LabelRecord,
    groupKeys: string[] = [fingerprint],
  ): number => book.fired({ fingerprint, firedAt: T0 + minute * MINUTE, labels, annotations: {}, groupKeys });
  return { state, book, fire };
}

describe('an incident', () => {
  it('gathers alerts of one group, and of one place within a quarter of an hour', () => {
    const { state, fire } = open();
    const first = fire('a', 0, { alertname: 'DiskFull', instance: 'db:9100' });
    expect(fire('b', 5, { alertname: 'SlowQueries', instance: 'db:9100' })).toBe(first);
    expect(fire('c', 6, { alertname: 'DiskFull', instance: 'web:9100' }, ['a'])).toBe(first);
    expect(fire('d', 7, { alertname: 'CertExpires', instance: 'mail:25' })).not.toBe(first);
    expect(fire('e', 30, { alertname: 'SlowQueries', instance: 'db:9100', shard: '2' })).not.toBe(first);
    expect(state.incidents.get(first)?.members.map(({ fingerprint }) => fingerprint)).toEqual(['a', 'b', 'c']);
  });

  it('ends with its last alert, and goes on when one comes back within five minutes', () => {
    const { state, book, fire } = open();
    const id = fire('a', 0, { instance: 'x' });
    fire('b', 1, { instance: 'x' });
    book.resolved('a', T0 + 2 * MINUTE);
    expect(state.incidents.get(id)?.endedAt).toBeNull();
    book.resolved('b', T0 + 3 * MINUTE);
    expect(state.incidents.get(id)?.endedAt).toBe(T0 + 3 * MINUTE);
    expect(fire('a', 6, { instance: 'x' })).toBe(id);
    expect(state.incidents.get(id)?.endedAt).toBeNull();
    book.resolved('a', T0 + 7 * MINUTE);
    expect(fire('a', 20, { instance: 'x' })).not.toBe(id);
  });

  it('has a timeline of its alerts, messages and actions, in order', () => {
    const { state, book, fire } = open();
    const id = fire('a', 0, { alertname: 'DiskFull', instance: 'x' });
    const message = {
      receiver: 'desk',
      channel: 'desktop[0]',
      groupKey: 'g',
      status: 'firing' as const,
      alerts: ['DiskFull'],
    };
    const sent = state.deliveries.begin({ ...message, at: T0 + 1, firing: ['a'], resolved: [] });
    state.deliveries.finish(sent, { at: T0 + 2, outcome: 'failed', words: 'no bus', isTold: false });
    state.deliveries.begin({ ...message, at: T0 + 3, firing: ['other'], resolved: [] });
    const action = { at: T0 + MINUTE, who: 'kim', via: 'cli' as const, subject: 'DiskFull', detail: 'on it' };
    state.audit.write({ ...action, action: 'acknowledge', alerts: ['a'] });
    book.resolved('a', T0 + 2 * MINUTE);
    const incident = state.incidents.get(id);
    const range = { fromMs: T0, toMs: T0 + 10 * MINUTE, limit: 10 };
    const timeline =
      incident === null ? [] : incidentTimeline(incident, state.deliveries.between(range), state.audit.list(range));
    expect(timeline.map(({ kind, who, what, detail }) => [kind, who, what, detail])).toEqual([
      ['fired', '', '', ''],
      ['notified', 'desk/desktop[0]', 'failed', 'no bus'],
      ['action', 'kim', 'acknowledge', 'on it'],
      ['resolved', '', '', ''],
    ]);
  });
});
