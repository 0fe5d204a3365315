import { createBroker, sessionBus, type MessageBus } from 'dbus-native';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildAlertPopup } from '../../../../electron/engine/alert/notify/build-popup.ts';
import { createDbusPopups } from '../../../../electron/engine/alert/notify/index.ts';
import type { Popup, PopupOutcome, PopupPress } from '../../../../electron/engine/alert/notify/popup.ts';
import { alertOf, notificationOf } from './examples.ts';

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
const context = { language: 'en' as const, nowMs: 1_700_000_252_000, timeZone: 'UTC' };

function popupOf(severity: string, endsAt: number | null = null): Popup {
  const alert = alertOf({ alertname: 'HighCPU', instance: 'web', severity }, { endsAt });
  return buildAlertPopup(alert, notificationOf([alert]), context);
}

interface Notified {
  readonly replaces: number;
  readonly summary: string;
  readonly body: string;
  readonly actions: readonly string[];
  readonly hints: Readonly<Record<string, unknown>>;
  readonly timeout: number;
}

const disposers: (() => void)[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-bus-'));
});
afterEach(() => {
  for (const dispose of disposers.splice(0).reverse()) dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** A bus, and on it a desktop that notes what it is asked to show. */
async function startDesktop(options: { isInhibited?: boolean; capabilities?: string[] } = {}) {
  const broker = createBroker();
  const address = await new Promise<string>((resolve, reject) => {
    broker.listen({ socket: join(folder, 'bus') }, (error, at) => {
      if (error === null) resolve(at);
      else reject(error);
    });
  });
  disposers.push(() => void broker.close());
  const bus: MessageBus = sessionBus({ busAddress: address });
  disposers.push(() => void bus.connection.end());
  const notified: Notified[] = [];
  const closed: number[] = [];
  const desktop = {
    Inhibited: options.isInhibited ?? false,
    GetCapabilities: () => options.capabilities ?? ['actions', 'body', 'body-markup'],
    Notify(
      ...[, replaces, , summary, body, actions, hints, timeout]: [
        string,
        number,
        string,
        string,
        string,
        string[],
        Record<string, unknown>,
        number,
      ]
    ) {
      notified.push({ replaces, summary, body, actions, hints, timeout });
      return replaces === 0 ? notified.length : replaces;
    },
    CloseNotification(id: number) {
      closed.push(id);
      return null;
    },
  };
  bus.exportInterface(desktop, PATH, {
    name: NAME,
    methods: {
      GetCapabilities: ['', 'as', [], ['capabilities']],
      Notify: ['susssasa{sv}i', 'u', [], ['id']],
      CloseNotification: ['u', '', ['id'], []],
    },
    signals: { ActionInvoked: ['us', 'id', 'key'], NotificationClosed: ['uu', 'id', 'reason'] },
    properties: { Inhibited: { type: 'b', access: 'read' } },
  });
  await bus.invokeDbus({ member: 'RequestName', signature: 'su', body: [NAME, 0] });
  const emit = (member: string, signature: string, body: unknown[]): void => {
    bus.sendSignal(PATH, NAME, member, signature, body);
  };
  return { address, notified, closed, emit };
}

function startPopups(address: string | undefined, plain: PopupOutcome = { delivered: true }) {
  const presses: PopupPress[] = [];
  const opened: string[] = [];
  const fallen: string[] = [];
  const popups = createDbusPopups({
    environment: { DBUS_SESSION_BUS_ADDRESS: address },
    onOpen: (path) => void opened.push(path),
    fallback: {
      show({ title }) {
        fallen.push(title);
        return Promise.resolve(plain);
      },
      close: () => undefined,
    },
  });
  popups.onPress?.((press) => void presses.push(press));
  disposers.push(() => popups.stop?.());
  return { popups, presses, opened, fallen };
}

describe('popups over the session bus', () => {
  it('have buttons, an urgency by severity, and take the place of the one before', async () => {
    const { address, notified } = await startDesktop();
    const { popups, fallen } = startPopups(address);
    expect(await popups.show(popupOf('warning'))).toEqual({ delivered: true });
    expect(await popups.show(popupOf('critical'))).toEqual({ delivered: true });
    expect(await popups.show(popupOf('critical', 1_700_000_252_000))).toEqual({ delivered: true });
    expect(notified.map(({ replaces, hints }) => [replaces, Number(hints['urgency'])])).toEqual([
      [0, 1],
      [1, 2],
      [1, 0],
    ]);
    expect(notified[1]).toMatchObject({
      summary: 'Critical: HighCPU',
      actions: ['default', '', 'acknowledge', 'Acknowledge', 'snooze', 'Snooze 1 h', 'open', 'Open'],
      timeout: 0,
    });
    expect(notified[2]?.actions).toEqual(['default', '', 'open', 'Open']);
    expect(fallen).toEqual([]);
  });

  it('tell which alert a button was pressed for, and open its page', async () => {
    const { address, emit } = await startDesktop();
    const { popups, presses, opened } = startPopups(address);
    const popup = popupOf('critical');
    await popups.show(popup);
    emit('ActionInvoked', 'us', [99, 'acknowledge']);
    emit('ActionInvoked', 'us', [1, 'acknowledge']);
    emit('ActionInvoked', 'us', [1, 'snooze']);
    emit('ActionInvoked', 'us', [1, 'default']);
    await expect.poll(() => opened, { timeout: 10_000 }).toEqual([`/alerts?alert=${popup.alert?.fingerprint ?? ''}`]);
    expect(presses).toEqual([
      { alert: popup.alert?.fingerprint, action: 'acknowledge' },
      { alert: popup.alert?.fingerprint, action: 'snooze' },
    ]);
  });

  it('are new once the one before was dismissed, and can be taken away', async () => {
    const { address, notified, closed, emit } = await startDesktop();
    const { popups, opened } = startPopups(address);
    await popups.show(popupOf('critical'));
    emit('NotificationClosed', 'uu', [1, 2]);
    await popups.show({ ...popupOf('info'), id: 'other' });
    emit('ActionInvoked', 'us', [2, 'default']);
    await expect.poll(() => opened.length, { timeout: 10_000 }).toBe(1);
    await popups.show(popupOf('critical'));
    expect(notified.map(({ replaces }) => replaces)).toEqual([0, 0, 0]);
    popups.close('other');
    await expect.poll(() => closed, { timeout: 10_000 }).toContain(2);
  });

  it('say when the desktop holds them back, and put text into markup only where that is read', async () => {
    const { address, notified } = await startDesktop({ isInhibited: true, capabilities: ['body'] });
    const { popups } = startPopups(address);
    const outcome = await popups.show({ ...popupOf('info'), body: 'a < b & c' });
    expect(outcome).toEqual({ delivered: true, note: 'Do not disturb is on: the desktop holds it back.' });
    expect(notified[0]).toMatchObject({ body: 'a < b & c', actions: [] });
  });

  it('go another way where there is no bus, and say why', async () => {
    const { popups, fallen } = startPopups(undefined);
    expect(await popups.show(popupOf('info'))).toEqual({
      delivered: true,
      note: 'Without buttons: there is no session bus.',
    });
    const broken = startPopups(`unix:path=${join(folder, 'nobody')}`, { delivered: false, reason: 'no display' });
    const outcome = await broken.popups.show(popupOf('info'));
    expect(outcome).toMatchObject({ delivered: false });
    if (!outcome.delivered) expect(outcome.reason).toMatch(/^no display \(session bus: .*ENOENT/);
    expect([...fallen, ...broken.fallen]).toHaveLength(2);
  });
});
