import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createNotifier, PLAIN_TEMPLATES, type Popup } from '../../../../electron/engine/alert/notify/index.ts';
import { buildWebhookBody, judgeWebhook } from '../../../../electron/engine/alert/notify/webhook.ts';
import type { NotificationRequest } from '../../../../electron/engine/alert/route/notification.ts';
import type { ChannelConfig } from '../../../../electron/engine/config/configuration.ts';
import { openStateStore } from '../../../../electron/engine/store/state/index.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { alertOf, notificationOf, STARTED_AT } from './examples.ts';

const disposers: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposers.splice(0)) dispose();
});

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A webhook receiver that answers by the script, one entry per request, the last one for ever. */
async function startReceiver(...script: readonly Answer[]) {
  const received: { body: string; headers: IncomingMessage['headers'] }[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      received.push({ body, headers: request.headers });
      (script[received.length - 1] ?? script.at(-1))?.(request, response, body);
      for (const { count, resolve } of waiting) if (received.length >= count) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  disposers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    received,
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook?token=secret`,
    /** Resolves when `count` requests have come. */
    requests: (count: number) =>
      received.length >= count ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ count, resolve })),
  };
}

const status =
  (code: number, body = ''): Answer =>
  (_request, response) =>
    void response.writeHead(code).end(body);
const hang: Answer = () => undefined;
const cut: Answer = (request) => void request.socket.destroy();

function setUp(popupReason: string | null = null) {
  const clock = createManualClock(STARTED_AT);
  const state = openStateStore({ file: ':memory:', clock, log: () => undefined });
  const shown: Popup[] = [];
  const notifier = createNotifier({
    deliveries: state.deliveries,
    popups: {
      show(popup) {
        shown.push(popup);
        return Promise.resolve(popupReason === null ? { delivered: true } : { delivered: false, reason: popupReason });
      },
      close: () => undefined,
    },
    revealSecret: (secret) =>
      Promise.resolve(
        secret.kind === 'inline'
          ? { ok: true, value: secret.reveal() }
          : { ok: false, message: 'The environment variable HOOK is not set.' },
      ),
    clock,
    log: () => undefined,
    templates: () => PLAIN_TEMPLATES,
    language: () => 'en',
    userAgent: 'Vedette/test',
  });
  const abort = new AbortController();
  const request = (channel: ChannelConfig, budgetMs = 300_000): NotificationRequest => {
    const notification = notificationOf([alertOf({ alertname: 'A', instance: 'x' })]);
    const firing = notification.alerts.map(({ fingerprint }) => fingerprint);
    return {
      notification,
      channel,
      channelName: `${channel.kind}[0]`,
      firing,
      resolved: [],
      budgetMs,
      signal: abort.signal,
    };
  };
  const key = { groupKey: '{}:{alertname="HighCPUUsage"}', receiver: 'desk' };
  return { clock, state, notifier, request, shown, abort, key };
}

const webhook = (url: string, changes: Partial<ChannelConfig & { kind: 'webhook' }> = {}): ChannelConfig => ({
  kind: 'webhook',
  url: { kind: 'inline', reveal: () => url },
  sendResolved: true,
  maxAlerts: 0,
  headers: {},
  ...changes,
});

/** Let the clock run until the message has its fate; answers come over a real socket, so turns of the event loop pass too. */
async function runUntilSent<T>(
  clock: ReturnType<typeof createManualClock>,
  sending: Promise<T>,
  stepMs: number,
): Promise<T> {
  const ends: T[] = [];
  void sending.then((end) => ends.push(end));
  for (let turn = 0; turn < 5000; turn++) {
    await clock.run(0);
    if (ends.length > 0) return sending;
    if (turn % 100 === 99) await clock.run(stepMs);
  }
  throw new Error('the message has no fate');
}

describe('the webhook channel', () => {
  it('posts the body of Alertmanager and records the delivery', async () => {
    const receiver = await startReceiver(status(200, 'thanks'));
    const { notifier, request, state, key } = setUp();
    expect(await notifier.send(request(webhook(receiver.url, { headers: { 'X-Team': 'a' } })))).toEqual({
      isTold: true,
    });
    expect(receiver.received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Vedette/test',
      'x-team': 'a',
    });
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      version: '4',
      status: 'firing',
      receiver: 'desk',
      truncatedAlerts: 0,
    });
    expect(state.deliveries.list(10)).toMatchObject([
      { outcome: 'delivered', words: 'HTTP 200: thanks', attempts: 1, alerts: ['A'] },
    ]);
    expect(state.notificationLog.get({ ...key, channel: 'webhook[0]' })).toMatchObject({ at: STARTED_AT });
  });

  it('tries again after a 500 and is delivered then', async () => {
    const receiver = await startReceiver(status(500, 'busy'), status(200));
    const { clock, notifier, request, state } = setUp();
    expect(await runUntilSent(clock, notifier.send(request(webhook(receiver.url))), 500)).toEqual({ isTold: true });
    expect(state.deliveries.list(10)).toMatchObject([{ outcome: 'delivered', attempts: 2 }]);
  });

  it('takes a 4xx as final', async () => {
    const receiver = await startReceiver(status(404, 'no such hook'));
    const { notifier, request, state, key } = setUp();
    expect(await notifier.send(request(webhook(receiver.url)))).toEqual({ isTold: false });
    expect(state.deliveries.list(10)).toMatchObject([
      { outcome: 'refused', words: 'HTTP 404: no such hook', attempts: 1 },
    ]);
    expect(state.notificationLog.get({ ...key, channel: 'webhook[0]' })).toBeNull();
  });

  it('gives up on a receiver that hangs when the time is over, without naming the secret in its URL', async () => {
    const receiver = await startReceiver(hang);
    const { clock, notifier, request, state } = setUp();
    const sending = notifier.send(request(webhook(receiver.url), 25_000));
    await receiver.requests(1);
    await clock.run(10_000);
    expect(await runUntilSent(clock, sending, 1000)).toEqual({ isTold: false });
    const [delivery] = state.deliveries.list(10);
    expect(delivery).toMatchObject({ outcome: 'failed' });
    expect(delivery?.words).toContain('did not answer within 10 s');
    expect(delivery?.words).not.toContain('secret');
  });

  it('tries again when the connection is cut', async () => {
    const receiver = await startReceiver(cut, cut, status(204));
    const { clock, notifier, request, state } = setUp();
    expect(await runUntilSent(clock, notifier.send(request(webhook(receiver.url))), 500)).toEqual({ isTold: true });
    expect(state.deliveries.list(10)).toMatchObject([{ outcome: 'delivered', attempts: 3 }]);
  });

  it('says which secret is missing', async () => {
    const { notifier, request, state } = setUp();
    expect(await notifier.send(request(webhook('', { url: { kind: 'environment', name: 'HOOK' } })))).toEqual({
      isTold: false,
    });
    expect(state.deliveries.list(1)).toMatchObject([
      { outcome: 'failed', words: 'The environment variable HOOK is not set.' },
    ]);
  });

  it('leaves a doubt when the program stops in the middle of an attempt', async () => {
    const receiver = await startReceiver(hang);
    const { notifier, request, state, abort } = setUp();
    const sending = notifier.send(request(webhook(receiver.url)));
    await receiver.requests(1);
    abort.abort();
    expect(await sending).toEqual({ isTold: false });
    expect(state.deliveries.list(1)).toMatchObject([{ outcome: 'sending' }]);
  });
});

describe('the desktop channel', () => {
  it('shows a popup and records it', async () => {
    const { notifier, request, state, shown } = setUp();
    expect(await notifier.send(request({ kind: 'desktop', sendResolved: true }))).toEqual({ isTold: true });
    expect(shown).toMatchObject([{ title: 'Alert: A' }]);
    expect(state.deliveries.list(1)).toMatchObject([{ outcome: 'delivered', words: null, channel: 'desktop[0]' }]);
  });

  it('records a popup that could not be shown as failed, in the words of the desktop', async () => {
    const { notifier, request, state } = setUp('Cannot autolaunch D-Bus without X11 $DISPLAY');
    expect(await notifier.send(request({ kind: 'desktop', sendResolved: true }))).toEqual({ isTold: false });
    expect(state.deliveries.list(1)).toMatchObject([
      { outcome: 'failed', words: 'Cannot autolaunch D-Bus without X11 $DISPLAY' },
    ]);
  });

  it('shows a test popup and says what became of it', async () => {
    const { notifier } = setUp();
    expect(await notifier.test()).toMatchObject({
      outcome: 'delivered',
      message: null,
      alerts: ['Test: notifications work'],
    });
  });
});

describe('an unsupported channel', () => {
  it('fails by name, once', async () => {
    const { notifier, request, state } = setUp();
    expect(await notifier.send(request({ kind: 'unsupported', name: 'slack' }))).toEqual({ isTold: true });
    expect(state.deliveries.list(1)).toMatchObject([
      { outcome: 'failed', words: 'This version cannot send through slack.' },
    ]);
  });
});

describe('buildWebhookBody', () => {
  it('writes times as Go does and counts what is left out', () => {
    const alerts = [
      alertOf({ alertname: 'A', instance: 'x' }, { endsAt: STARTED_AT + 1500 }),
      alertOf({ alertname: 'A', instance: 'y' }),
    ];
    const body = JSON.parse(buildWebhookBody(notificationOf(alerts), 1)) as Record<string, unknown>;
    expect(body).toMatchObject({
      status: 'resolved',
      truncatedAlerts: 1,
      alerts: [{ startsAt: '2023-11-14T22:13:20Z', endsAt: '2023-11-14T22:13:21.5Z' }],
    });
    const firing = JSON.parse(buildWebhookBody(notificationOf(alerts), 0)) as {
      alerts: { endsAt: string }[];
      commonLabels: object;
    };
    expect(firing.alerts[1]?.endsAt).toBe('0001-01-01T00:00:00Z');
    expect(firing.commonLabels).toEqual({ alertname: 'A' });
  });
});

describe('judgeWebhook', () => {
  it.each([
    [200, null, { kind: 'delivered' }],
    [202, null, { kind: 'delivered' }],
    [301, null, { kind: 'refused' }],
    [400, null, { kind: 'refused' }],
    [429, '7', { kind: 'retry', afterMs: 7000 }],
    [503, null, { kind: 'retry', afterMs: 0 }],
  ])('judges %i', (code, retryAfter, verdict) => {
    expect(judgeWebhook({ status: code, body: '', retryAfter })).toMatchObject(verdict);
  });
});
