import { expect, test } from 'vitest';
import { ProbeFailure, UP, runProbe } from '../../../../electron/engine/collect/probe/run-probe.ts';
import { systemClock } from '../../../../electron/engine/schedule/index.ts';

const setting = { clock: systemClock, address: 'db:5432', timeoutMs: 2000 };
const never = new AbortController().signal;

test('what was learnt stays in the result of a run that fails', async () => {
  const result = await runProbe(setting, never, (run) => {
    run.note('version', '16');
    run.add('connections', 3, { state: 'idle' });
    throw new ProbeFailure('degraded', 'replication', 'db:5432 is 40 s behind.');
  });
  expect(result).toMatchObject({
    outcome: 'degraded',
    reason: { code: 'replication' },
    details: [{ name: 'version', value: '16' }],
    http: null,
  });
  expect(result.samples).toContainEqual({ name: 'connections', labels: { state: 'idle' }, value: 3 });
  expect(result.samples).toContainEqual({ name: 'probe_success', labels: {}, value: 1 });
});

test('a fault on this side is unknown and gives no probe_success', async () => {
  const result = await runProbe(setting, never, () =>
    Promise.reject(Object.assign(new Error('no network'), { code: 'ENETUNREACH' })),
  );
  expect(result).toMatchObject({ outcome: 'unknown', reason: { code: 'network' } });
  expect(result.samples.map(({ name }) => name)).not.toContain('probe_success');
});

test('a timeout says what was waited for, also when the work does not notice it', async () => {
  const limit = new AbortController();
  const result = runProbe(setting, limit.signal, (run) => {
    run.awaited = 'did not greet';
    limit.abort(new DOMException('late', 'TimeoutError'));
    return new Promise(() => undefined);
  });
  expect(await result).toMatchObject({
    outcome: 'down',
    reason: { code: 'timeout', message: 'db:5432 did not greet within 2 s.' },
  });
});

test('a run that is called off is unknown', async () => {
  const result = await runProbe(setting, AbortSignal.abort(), () => Promise.resolve(UP));
  expect(result).toMatchObject({ outcome: 'unknown', reason: { code: 'aborted' } });
});

test('a bug is not taken for a failure of the service', async () => {
  const bug = new TypeError('x is not a function');
  await expect(runProbe(setting, never, () => Promise.reject(bug))).rejects.toBe(bug);
});
