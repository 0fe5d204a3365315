import type { RevealSecret } from '../../collect/reveal-secret.ts';
import type { ChannelConfig, SentChannelConfig } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { Delivery, DeliveryLog } from '../../store/state/index.ts';
import type { NotificationRequest, SendNotification } from '../route/notification.ts';
import type { TemplateSet } from '../template/notification-template.ts';
import { RenderFailure } from './channels/channel.ts';
import { credentialHeaders } from './credential-headers.ts';
import { channelContext, revealAll } from './notification-context.ts';
import { runCommand } from './run-command.ts';
import { sendEmail } from './send-email.ts';
import { createHttpSender } from './send-http.ts';
import { testNotification } from './test-notification.ts';
import { writeToFile } from './write-file.ts';
import { buildTestPopup } from './build-popup.ts';
import { NO_POPUPS, planPopups } from './plan-popups.ts';
import type { PopupOutcome, PopupPort } from './popup.ts';
import { alertName, type Language } from './popup-text.ts';
import { postWebhook } from './post-webhook.ts';
import { buildWebhookBody, judgeWebhook, type Verdict } from './webhook.ts';

export interface NotifierOptions {
  readonly deliveries: DeliveryLog;
  readonly popups: PopupPort;
  readonly revealSecret: RevealSecret;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: () => Language;
  /** What messages are written with. */
  readonly templates: () => TemplateSet;
  /** While someone wants quiet, popups are held back and counted as told. */
  readonly isMuted?: () => boolean;
  /** Such as `Vedette/0.1.0`. */
  readonly userAgent: string;
  readonly webhookTimeoutMs?: number;
}

/** Sends messages through channels and writes down what became of each. */
export interface Notifier {
  readonly send: SendNotification;
  /** Show a test popup and say what became of it. */
  test(): Promise<TestDelivery>;
  /** Send a made-up alert through one channel, without a second try, and say what became of it. */
  testChannel(receiver: string, channelName: string, channel: ChannelConfig): Promise<Delivery>;
}

/** What became of a test popup, as the delivery log has it. */
export interface TestDelivery {
  readonly at: number;
  readonly receiver: string;
  readonly channel: string;
  readonly alerts: string[];
  readonly outcome: 'delivered' | 'failed';
  readonly message: string | null;
}

const WEBHOOK_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

export function createNotifier(options: NotifierOptions): Notifier {
  const { deliveries, clock, log } = options;
  const timeoutMs = options.webhookTimeoutMs ?? WEBHOOK_TIMEOUT_MS;
  const http = createHttpSender({ clock, userAgent: options.userAgent, timeoutMs });
  let popupMemory = NO_POPUPS;

  /** One attempt; what throws here is a fault of the program. */
  function attempt(request: NotificationRequest): Promise<Attempt> {
    const { channel } = request;
    switch (channel.kind) {
      case 'desktop':
        return showPopups(request);
      case 'webhook':
        return post(request, channel);
      case 'unsupported':
        return Promise.resolve({ kind: 'impossible', words: `This version cannot send through ${channel.name}.` });
      default:
        return sendThrough(request, channel);
    }
  }

  async function showPopups(request: NotificationRequest): Promise<Attempt> {
    if (options.isMuted?.() === true) return { kind: 'suppressed', words: 'Popups are muted.' };
    const nowMs = clock.now();
    const plan = planPopups(popupMemory, request.notification, { language: options.language(), nowMs });
    if (plan.popups.length === 0) return { kind: 'suppressed', words: 'Shown within the last 15 minutes.' };
    const before = popupMemory;
    popupMemory = plan.memory;
    for (const id of plan.closed) options.popups.close(id);
    const outcomes = await Promise.all(plan.popups.map((popup) => options.popups.show(popup)));
    const failed = outcomes.find((outcome) => !outcome.delivered);
    if (failed === undefined) return { kind: 'delivered', words: notesOf(outcomes) };
    // What nobody saw must not keep the next one quiet.
    popupMemory = before;
    return { kind: 'failed', words: failed.reason };
  }

  async function post(request: NotificationRequest, channel: ChannelConfig & { kind: 'webhook' }): Promise<Attempt> {
    const url = await options.revealSecret(channel.url);
    if (!url.ok) return { kind: 'failed', words: url.message };
    const result = await postWebhook({
      url: url.value.trim(),
      headers: { 'User-Agent': options.userAgent, ...channel.headers },
      body: buildWebhookBody(request.notification, channel.maxAlerts),
      timeoutMs,
      clock,
      signal: request.signal,
    });
    return result.ok ? judgeWebhook(result.answer) : { kind: 'retry', words: result.words, afterMs: 0 };
  }

  async function sendThrough(request: NotificationRequest, channel: SentChannelConfig): Promise<Attempt> {
    const secrets = await revealAll(channel.secrets, options.revealSecret);
    if (!secrets.ok) return { kind: 'failed', words: secrets.message };
    const context = channelContext(request.notification, options.templates(), secrets.values, clock.now());
    try {
      switch (channel.kind) {
        case 'email':
          return await sendEmail(channel, context, channel.timeoutMs ?? timeoutMs, request.signal);
        case 'command':
          return await runCommand(channel, buildWebhookBody(request.notification, 0), clock, request.signal);
        case 'file':
          return await writeToFile(channel, context, buildWebhookBody(request.notification, 0));
        default: {
          const extra = await credentialHeaders(channel, options.revealSecret);
          return extra.ok ? await http.send(channel, context, extra.headers, request.signal) : { kind: 'failed', words: extra.message }; // prettier-ignore
        }
      }
    } catch (error) {
      // Untold until the template is put right: it is tried again with the group's next message.
      if (error instanceof RenderFailure) return { kind: 'failed', words: error.message };
      throw error;
    }
  }

  async function send(request: NotificationRequest): Promise<{ isTold: boolean }> {
    const { notification, channelName, firing, resolved, signal } = request;
    const deadlineAt = clock.monotonic() + request.budgetMs;
    const id = deliveries.begin({
      at: clock.now(),
      receiver: notification.receiver,
      channel: channelName,
      groupKey: notification.groupKey,
      status: notification.status,
      alerts: notification.alerts.map(alertName),
      firing,
      resolved,
    });
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const outcome = await attempt(request);
      // Cut off by the end of the program: whether it arrived is not known, and the open row says so at the next start.
      if (signal.aborted && outcome.kind !== 'delivered') return { isTold: false };
      if (outcome.kind !== 'retry') return finish(id, request, outcome);
      const waitMs = Math.max(pauseMs, outcome.afterMs);
      if (clock.monotonic() + waitMs >= deadlineAt) return finish(id, request, { ...outcome, kind: 'failed' });
      deliveries.wait(id, outcome.words);
      if (!(await pause(clock, waitMs, signal))) return { isTold: false };
      deliveries.retry(id);
    }
  }

  function finish(id: number, request: NotificationRequest, end: FinalAttempt): { isTold: boolean } {
    // What can never be sent counts as told, or it would fail again at every interval.
    const isTold = end.kind === 'delivered' || end.kind === 'suppressed' || end.kind === 'impossible';
    const outcome = end.kind === 'impossible' ? 'failed' : end.kind;
    deliveries.finish(id, { at: clock.now(), outcome, words: end.words === '' ? null : end.words, isTold });
    if (outcome === 'failed' || outcome === 'refused') {
      const { receiver, groupKey } = request.notification;
      log('warn', `Could not tell "${receiver}" by ${request.channelName} about ${groupKey}: ${end.words}`);
    }
    return { isTold };
  }

  async function testChannel(receiver: string, channelName: string, channel: ChannelConfig): Promise<Delivery> {
    const notification = testNotification(receiver, clock.now(), options.language());
    const groupKey = notification.groupKey;
    await send({ notification, channel, channelName, firing: [], resolved: [], budgetMs: 0, signal: never() });
    const delivery = deliveries.list(50).find((one) => one.groupKey === groupKey && one.channel === channelName);
    if (delivery === undefined) throw new Error(`The test through ${channelName} left no trace in the delivery log.`);
    return delivery;
  }

  return {
    send,
    testChannel,
    async test() {
      const at = clock.now();
      const popup = buildTestPopup(options.language());
      const about = { at, receiver: 'test', channel: 'desktop[0]', alerts: [popup.title] };
      const id = deliveries.begin({ ...about, groupKey: 'test', status: 'firing', firing: [], resolved: [] });
      const shown = await options.popups.show(popup);
      const outcome = shown.delivered ? 'delivered' : 'failed';
      const words = shown.delivered ? (shown.note ?? null) : shown.reason;
      deliveries.finish(id, { at: clock.now(), outcome, words, isTold: false });
      return { ...about, outcome, message: words };
    },
  };
}

/** What a person should know of popups that were taken, each once. */
function notesOf(outcomes: readonly PopupOutcome[]): string {
  return [...new Set(outcomes.flatMap((one) => (one.delivered ? (one.note ?? []) : [])))].join(' ');
}

interface FinalAttempt {
  readonly kind: 'delivered' | 'refused' | 'failed' | 'suppressed' | 'impossible';
  readonly words: string;
}
type Attempt = FinalAttempt | Verdict;

/** @returns false when the wait was cut short */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false);
      return;
    }
    const stop = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve(true);
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}

function never(): AbortSignal {
  return new AbortController().signal;
}
