import { expect, test } from 'vitest';
import { explainNetworkError } from '../../../electron/engine/collect/network-problem.ts';

const coded = (code: string): Error => Object.assign(new Error(`${code} said so`), { code });

test.each([
  ['ECONNREFUSED', 'refused', 'target'],
  ['ETIMEDOUT', 'timeout', 'target'],
  ['ENOTFOUND', 'dns', 'target'],
  ['EHOSTUNREACH', 'unreachable', 'target'],
  ['CERT_HAS_EXPIRED', 'tls', 'target'],
  ['HPE_INVALID_CONSTANT', 'protocol', 'target'],
  ['EAI_AGAIN', 'dns-server', 'ours'],
  ['ENETUNREACH', 'network', 'ours'],
  ['EMFILE', 'local', 'ours'],
  ['ESOMETHING', 'unknown', 'target'],
])('%s is %s, a fault on the side: %s', (code, word, side) => {
  expect(explainNetworkError(coded(code), 'db:5432')).toMatchObject({
    code: word,
    side,
    message: expect.stringContaining('db:5432') as string,
  });
});

test('of several addresses, the one that was reached speaks for the host', () => {
  const several = new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')], 'several');
  expect(explainNetworkError(several, 'a:1').code).toBe('refused');
  const wrapped = Object.assign(new Error('axios'), { code: 'ENETUNREACH', cause: several });
  expect(explainNetworkError(wrapped, 'a:1').code).toBe('refused');
  expect(explainNetworkError(new AggregateError([coded('ENETUNREACH')]), 'a:1').side).toBe('ours');
});
