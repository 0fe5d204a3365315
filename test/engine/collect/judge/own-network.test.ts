import { describe, expect, test } from 'vitest';
import { scopeOf } from '../../../../electron/engine/collect/judge/address-scope.ts';
import { defaultRouteOf, isNeighbourIn } from '../../../../electron/engine/collect/judge/default-route.ts';
import { startNetworkWatch } from '../../../../electron/engine/collect/judge/network-watch.ts';
import { judgeReach } from '../../../../electron/engine/collect/judge/own-network.ts';
import type { AnchorReport, HostEvidence } from '../../../../electron/engine/collect/judge/own-network.ts';
import { createScheduler } from '../../../../electron/engine/schedule/index.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';

const far = (isFailing: boolean): HostEvidence => ({ scope: 'beyond', isFailing });
const near = (isFailing: boolean): HostEvidence => ({ scope: 'local', isFailing });
const WELL: AnchorReport = { hasRoute: true, gatewayAnswers: true, beyond: [true] };
const NO_ROUTE: AnchorReport = { hasRoute: false, gatewayAnswers: null, beyond: [] };
const CABLE_OUT: AnchorReport = { hasRoute: true, gatewayAnswers: false, beyond: [false] };
const NO_PROVIDER: AnchorReport = { hasRoute: true, gatewayAnswers: true, beyond: [false, false] };

describe('how far our own network reaches', () => {
  test.each<[string, HostEvidence[], AnchorReport, string]>([
    ['everything fails and the anchors answer: the services are down', [far(true), far(true)], WELL, 'everywhere'],
    ['nothing fails', [far(false)], NO_ROUTE, 'everywhere'],
    ['there is no route', [far(true)], NO_ROUTE, 'nowhere'],
    ['neither the gateway nor what lies beyond answers', [far(true), near(true)], CABLE_OUT, 'nowhere'],
    ['a neighbour answers, whatever the gateway does', [far(true), far(true), near(false)], CABLE_OUT, 'neighbours'],
    ['the provider is gone', [far(true), far(true), near(false)], NO_PROVIDER, 'neighbours'],
    ['a host far away still answers', [far(true), far(true), far(false)], NO_PROVIDER, 'everywhere'],
    [
      'nothing but one host and a silent gateway',
      [far(true)],
      { hasRoute: true, gatewayAnswers: false, beyond: [] },
      'everywhere',
    ],
  ])('%s', (_, hosts, anchors, reach) => {
    expect(judgeReach(hosts, anchors)).toBe(reach);
  });
});

test('where a host is follows from its name or address', () => {
  const scopes = [
    'localhost',
    '127.0.0.9',
    '[::1]',
    '192.0.2.4',
    '10.1.2.3',
    'nas',
    'printer.local',
    'fe80::1',
    '203.0.113.9',
    'api.example',
  ];
  expect(scopes.map((host) => scopeOf(host, ['192.0.2.4'])).join(' ')).toBe(
    'self self self self local local local local beyond beyond',
  );
});

test('the default route is read as the kernel tells it', () => {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
  const route = 'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n';
  expect(defaultRouteOf(head + route, '')).toEqual({ hasRoute: true, gateway: '192.0.2.1' });
  expect(defaultRouteOf(head, '')).toEqual({ hasRoute: false, gateway: null });
  const sixth = `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eth0\n`;
  expect(defaultRouteOf(head, sixth)).toMatchObject({ hasRoute: true });
  expect(defaultRouteOf(head, sixth.replace('00000003 eth0', '00200200 lo'))).toMatchObject({ hasRoute: false });
  const arp =
    'IP address HW type Flags HW address Mask Device\n192.0.2.1 0x1 0x2 02:42:ac:11:00:02 * eth0\n192.0.2.7 0x1 0x0 00:00:00:00:00:00 * eth0\n';
  expect([isNeighbourIn(arp, '192.0.2.1'), isNeighbourIn(arp, '192.0.2.7')]).toEqual([true, false]);
});

function stage(reports: AnchorReport[]) {
  const clock = createManualClock();
  const log = (): void => undefined;
  const scheduler = createScheduler({ clock, log, limits: { global: 9, perHost: 9 }, onGap: () => undefined });
  let asked = 0;
  const changes: string[] = [];
  const watch = startNetworkWatch({
    askAnchors: () => Promise.resolve(reports[Math.min(asked++, reports.length - 1)] ?? WELL),
    ownAddresses: () => [],
    scheduler,
    clock,
    log,
    onChange: (reach) => changes.push(reach),
  });
  return { clock, watch, changes, asked: () => asked };
}

describe('the watch', () => {
  test('asks the anchors only when what was asked since the failure fails as well', async () => {
    const { clock, watch, asked, changes } = stage([NO_ROUTE]);
    watch.note('b.example', true);
    clock.advance(1000);
    watch.note('a.example', false);
    clock.advance(1000);
    watch.note('c.example', true);
    expect([await watch.isToBlame('a.example'), asked()]).toEqual([false, 0]);
    clock.advance(1000);
    watch.note('d.example', false);
    expect([await watch.isToBlame('d.example'), asked(), changes]).toEqual([true, 1, ['nowhere']]);
    expect(await watch.isToBlame('localhost')).toBe(false);
  });
  test('one look is enough for all that fail together', async () => {
    const { watch, asked } = stage([CABLE_OUT]);
    const names = Array.from({ length: 50 }, (_, i) => `host${String(i)}.example`);
    for (const name of names) watch.note(name, false);
    expect(new Set(await Promise.all(names.map((name) => watch.isToBlame(name))))).toEqual(new Set([true]));
    expect(asked()).toBe(1);
  });
  test('neighbours are judged as ever while only the provider is gone', async () => {
    const { watch } = stage([NO_PROVIDER]);
    watch.note('10.0.0.7', true);
    watch.note('a.example', false);
    watch.note('b.example', false);
    expect(await watch.isToBlame('a.example')).toBe(true);
    watch.note('10.0.0.7', false);
    expect(await watch.isToBlame('10.0.0.7')).toBe(false);
  });
  test('looks again by itself, and an answer from outside ends it at once', async () => {
    const byItself = stage([NO_ROUTE, NO_ROUTE, WELL]);
    byItself.watch.note('a.example', false);
    await byItself.watch.isToBlame('a.example');
    await byItself.clock.run(30_000);
    expect(byItself.changes).toEqual(['nowhere', 'everywhere']);
    const byAnswer = stage([NO_ROUTE]);
    await byAnswer.watch.suspect('a.example');
    byAnswer.watch.note('b.example', true);
    expect(byAnswer.watch.status().reach).toBe('everywhere');
  });
});
