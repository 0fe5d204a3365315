import { expect, test } from 'vitest';
import { readHealthDocument } from '../../../../electron/engine/collect/probe/health-document.ts';
import type { HealthDocument } from '../../../../electron/engine/collect/probe/health-document.ts';

const HEALTH_JSON = {
  status: 'warn',
  releaseId: '1.2.3',
  checks: {
    'postgres:responseTime': [
      { componentType: 'datastore', observedValue: 250.5, observedUnit: 'ms', status: 'warn', output: 'slow' },
    ],
    'cpu:utilization': [
      { observedValue: 85, observedUnit: 'percent', status: 'pass' },
      { observedValue: 'n/a', status: 'fail' },
    ],
  },
};

test('draft-inadarei: states, outputs and observed values', () => {
  expect(readHealthDocument('application/health+json', JSON.stringify(HEALTH_JSON))).toEqual({
    format: 'health+json',
    state: 'degraded',
    components: [
      { name: 'postgres:responseTime', state: 'degraded', message: 'slow' },
      { name: 'cpu:utilization', state: 'ok', message: null },
      { name: 'cpu:utilization', state: 'down', message: null },
    ],
    observations: [
      { component: 'postgres', measurement: 'responseTime', value: 250.5, unit: 'ms' },
      { component: 'cpu', measurement: 'utilization', value: 85, unit: 'percent' },
    ],
  } satisfies HealthDocument);
});

test('Spring Boot Actuator: nested components, old and new spelling', () => {
  const components = {
    db: {
      status: 'UP',
      components: { one: { status: 'UP' }, two: { status: 'OUT_OF_SERVICE', details: { error: 'gone' } } },
    },
    ping: { status: 'UNKNOWN' },
    total: 5,
  };
  for (const key of ['components', 'details']) {
    expect(
      readHealthDocument('application/json', JSON.stringify({ status: 'OUT_OF_SERVICE', [key]: components })),
    ).toEqual({
      format: 'actuator',
      state: 'down',
      components: [
        { name: 'db', state: 'ok', message: null },
        { name: 'db/one', state: 'ok', message: null },
        { name: 'db/two', state: 'down', message: 'gone' },
        { name: 'ping', state: 'unknown', message: null },
      ],
      observations: [],
    });
  }
});

test('ASP.NET Core: plain words and the report of UIResponseWriter', () => {
  expect(readHealthDocument('text/plain', 'Healthy')?.state).toBe('ok');
  expect(readHealthDocument('text/plain', 'Degraded\n')?.state).toBe('degraded');
  expect(readHealthDocument('text/plain', 'Unhealthy')?.state).toBe('down');
  const report = {
    status: 'Degraded',
    totalDuration: '00:00:00.1',
    entries: {
      redis: { status: 'Degraded', description: 'slow', data: { latencyMs: 120, note: 'x' }, tags: [] },
      sql: { status: 'Healthy' },
    },
  };
  expect(readHealthDocument('application/json', JSON.stringify(report))).toEqual({
    format: 'aspnet',
    state: 'degraded',
    components: [
      { name: 'redis', state: 'degraded', message: 'slow' },
      { name: 'sql', state: 'ok', message: null },
    ],
    observations: [{ component: 'redis', measurement: 'latencyMs', value: 120, unit: '' }],
  });
});

test('MicroProfile, as Quarkus answers', () => {
  const body = {
    status: 'DOWN',
    checks: [
      { name: 'db', status: 'DOWN', data: { error: 'refused' } },
      { name: 'live', status: 'UP' },
    ],
  };
  expect(readHealthDocument('application/json', JSON.stringify(body))).toEqual({
    format: 'microprofile',
    state: 'down',
    components: [
      { name: 'db', state: 'down', message: 'refused' },
      { name: 'live', state: 'ok', message: null },
    ],
    observations: [],
  });
});

test('Terminus, as NestJS answers', () => {
  const body = { status: 'error', info: { a: { status: 'up' } }, error: { b: { status: 'down', message: 'no' } } };
  expect(readHealthDocument('application/json', JSON.stringify(body))).toEqual({
    format: 'terminus',
    state: 'down',
    components: [
      { name: 'a', state: 'ok', message: null },
      { name: 'b', state: 'down', message: 'no' },
    ],
    observations: [],
  });
  expect(readHealthDocument('application/json', '{"status":"shutting_down","details":{}}')?.state).toBe('down');
});

test('the lines of Kubernetes and go-health: the worst decides', () => {
  const body = '[+]ping ok\n[-]etcd failed: reason withheld\n[+]log ok\nhealthz check failed\n';
  expect(readHealthDocument('text/plain', body)).toEqual({
    format: 'kubernetes',
    state: 'down',
    components: [
      { name: 'ping', state: 'ok', message: null },
      { name: 'etcd', state: 'down', message: 'reason withheld' },
      { name: 'log', state: 'ok', message: null },
    ],
    observations: [],
  });
});

test.each([
  '',
  'ok',
  '<html>Healthy</html>',
  '[]',
  '{',
  '{"status":200}',
  '{"status":"active"}',
  '{"health":"UP"}',
  'null',
])('what is no health document is left alone: %j', (body) => {
  expect(readHealthDocument('application/json', body)).toBeNull();
});
