import { createRouterClient } from '@orpc/server';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  alertActionCommand,
  alertsListCommand,
  readMatchers,
  silenceAddCommand,
  silenceExpireCommand,
  silenceListCommand,
  type AlertsPorts,
} from '../../electron/cli/alerts-command.ts';
import { routesTestCommand } from '../../electron/cli/routes-test-command.ts';
import { createSampleEngine } from '../doubles/sample-engine.ts';

function start(json = false): AlertsPorts & { readonly said: string[]; readonly complained: string[] } {
  const said: string[] = [];
  const complained: string[] = [];
  return {
    instance: {
      url: 'sample',
      client: createRouterClient(createSampleEngine()),
      prometheus: () => Promise.reject(new Error('not asked')),
    },
    output: { out: (text) => void said.push(text), err: (text) => void complained.push(text) },
    json,
    now: () => Date.now(),
    said,
    complained,
  };
}

describe('vedette alerts', () => {
  it('lists what fires with what is done about it, and fails while something is left to nobody', async () => {
    const ports = start();
    expect(await alertsListCommand(ports, [])).toBe(1);
    expect(ports.said.join('')).toMatch(/^ID +Alertname +Severity +Starts At +Summary +State\n/);
    expect(ports.said.join('')).toMatch(/alert-1 .*acknowledged by kim\n/);
    expect(await alertsListCommand(start(), ['HighLatency'])).toBe(0);
  });

  it('acknowledges and snoozes, and says which alert does not fire', async () => {
    const ports = start();
    expect(await alertActionCommand(ports, { kind: 'acknowledge' }, ['alert-0'], { comment: 'on it' })).toBe(0);
    expect(await alertsListCommand(ports, ['ServiceDown'])).toBe(0);
    const snooze = { kind: 'snooze', duration: '1h' } as const;
    expect(await alertActionCommand(ports, snooze, ['alert-0', 'nobody'], {})).toBe(1);
    expect(ports.complained).toEqual(['No alert "nobody" fires.\n']);
    expect(await alertActionCommand(ports, { kind: 'snooze', duration: 'soon' }, ['alert-0'], {})).toBe(2);
  });

  it('makes, lists and ends a silence', async () => {
    const ports = start(true);
    expect(await silenceAddCommand(ports, ['ServiceDown'], { duration: '30m', comment: 'known' })).toBe(0);
    const { id } = JSON.parse(ports.said[0] ?? '') as { id: string };
    await silenceListCommand(ports, false);
    expect(JSON.parse(ports.said[1] ?? '')).toMatchObject([
      { id, comment: 'known', matchers: [{ name: 'alertname', operator: '=', value: 'ServiceDown' }] },
    ]);
    expect(await silenceExpireCommand(ports, [id], {})).toBe(0);
    expect(await silenceAddCommand(ports, ['a='], { duration: 'x' })).toBe(2);
  });

  it('reads matchers as amtool does: a bare first word is a name', () => {
    expect(readMatchers(['Down', 'instance=~"web.*"'])).toEqual({
      ok: true,
      value: [
        { name: 'alertname', operator: '=', value: 'Down' },
        { name: 'instance', operator: '=~', value: 'web.*' },
      ],
    });
    expect(readMatchers(['a=~"("'])).toMatchObject({ ok: false });
  });
});

describe('vedette alerts routes test', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-routes-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('prints the receivers of a file, and fails when they are not the expected ones', async () => {
    const { output, said, complained, instance } = start();
    const configFile = join(folder, 'alertmanager.yml');
    writeFileSync(
      configFile,
      `route:
  receiver: desk
  routes:
    - { matchers: [severity="critical"], receiver: pager, continue: true }
    - { matchers: [team="db"], receiver: dba }
receivers: [{ name: desk }, { name: pager }, { name: dba }]
`,
    );
    const ask = (labels: string[], verifyReceivers: string | null = null) =>
      routesTestCommand(() => instance, labels, { configFile, verifyReceivers }, output);
    expect(await ask(['severity=critical', 'team="db"'])).toBe(0);
    expect(await ask(['severity=info'], 'desk')).toBe(0);
    expect(await ask(['severity=info'], 'pager')).toBe(1);
    expect(said).toEqual(['pager,dba\n', 'desk\n', 'desk\n']);
    expect(complained).toEqual(['WARNING: Expected receivers did not match resolved receivers.\n']);
    expect(await ask(['severity'])).toBe(2);
    writeFileSync(configFile, 'route: { receiver: nobody }\nreceivers: []\n');
    expect(await ask(['severity=info'])).toBe(1);
    expect(complained.at(-1)).toContain('undefined receiver "nobody"');
  });
});
