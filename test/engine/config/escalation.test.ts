import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadAlertmanagerFile, notifyText } from '../../../electron/engine/config/index.ts';

const RECEIVERS = `
receivers:
  - name: desk
    desktop_configs: [{ min_severity: warning }]
    webhook_configs: [{ url: 'http://127.0.0.1/x', min_severity: error }]
    ntfy_configs: [{ topic: t, min_severity: critical }]
  - name: boss
  - name: chief
`;
const load = (route: string) => loadAlertmanagerFile(`${route}${RECEIVERS}`, '/etc/alertmanager.yml', {});

describe('escalation and least severities', () => {
  it('are read, inherited, and put in the order of time', () => {
    const loaded = load(`route:
  receiver: desk
  escalate: [{ after: 1h, receiver: chief }, { after: 10m, receiver: boss }]
  routes:
    - { matchers: [a="1"], receiver: boss }
    - { matchers: [a="2"], escalate: [] }`);
    if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
    const { route, receivers } = loaded.value;
    const steps = [
      { afterMs: 600_000, receiver: 'boss' },
      { afterMs: 3_600_000, receiver: 'chief' },
    ];
    expect(route.escalate).toEqual(steps);
    expect(route.routes.map(({ escalate }) => escalate)).toEqual([[steps[1]], undefined]);
    expect(receivers[0]?.channels).toMatchObject([
      { kind: 'desktop', minSeverity: 'warning' },
      { kind: 'webhook', minSeverity: 'error' },
      { kind: 'ntfy', minSeverity: 'critical' },
    ]);
    const forAlertmanager = JSON.stringify(parse(notifyText(loaded.value)));
    expect(forAlertmanager).not.toMatch(/escalate|min_severity/);
  });

  it.each([
    ['{ after: 10m, receiver: nobody }', 'undefined receiver "nobody" used in escalation.'],
    ['{ after: 10m, receiver: desk }', 'route escalates to "desk", its own receiver.'],
    ['{ after: 10m, receiver: boss }, { after: 20m, receiver: boss }', 'route escalates to "boss" twice.'],
    ['{ after: 0s, receiver: boss }', 'The interval cannot be zero.'],
    ['{ after: soon, receiver: boss }', '"soon" is not a duration.'],
    ['{ receiver: boss }', '"after" is missing.'],
  ])('refuses %s at its place', (steps, message) => {
    const loaded = load(`route:\n  receiver: desk\n  escalate: [${steps}]`);
    expect(loaded.ok).toBe(false);
    if (!loaded.ok) expect(loaded.problems).toMatchObject([{ line: 3, message }]);
  });

  it('refuses a severity that there is not', () => {
    const loaded = loadAlertmanagerFile(
      'route: { receiver: a }\nreceivers:\n  - name: a\n    desktop_configs: [{ min_severity: page }]\n',
      '/etc/alertmanager.yml',
      {},
    );
    expect(loaded.ok).toBe(false);
    if (!loaded.ok) expect(loaded.problems[0]).toMatchObject({ line: 4 });
  });
});
