import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

const LOOPBACK: LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * The `lookup` of outgoing connections: as the system does it, except that `localhost` is answered here. The system's
 * function blocks one of few threads for as long as a name server is silent, so that a handful of dead names would keep
 * the services of this machine waiting for many seconds.
 *
 * Source: RFC 6761, 6.3: `localhost` and what ends in it is always loopback.
 */
export const lookUpHost: LookupFunction = (hostname, options, callback) => {
  if (!/^(?:.+\.)?localhost\.?$/i.test(hostname)) {
    lookup(hostname, options, callback);
    return;
  }
  const fitting = LOOPBACK.filter(({ family }) =>
    [undefined, 0, family, `IPv${String(family)}`].includes(options.family),
  );
  process.nextTick(() => {
    if (options.all === true) callback(null, fitting);
    else callback(null, fitting[0]?.address ?? '127.0.0.1', fitting[0]?.family ?? 4);
  });
};
