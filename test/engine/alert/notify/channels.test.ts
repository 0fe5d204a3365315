import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { createNotifier, PLAIN_TEMPLATES } from '../../../../electron/engine/alert/notify/index.ts';
import { dingtalkSignature } from '../../../../electron/engine/alert/notify/channels/dingtalk.ts';
import { feishuSignature } from '../../../../electron/engine/alert/notify/channels/feishu.ts';
import type { ChannelConfig } from '../../../../electron/engine/config/configuration.ts';
import { revealSecret } from '../../../../electron/engine/config/index.ts';
import { systemClock } from '../../../../electron/engine/schedule/index.ts';
import { openStateStore } from '../../../../electron/engine/store/state/index.ts';
import { startServer } from '../../../doubles/http-server.ts';
import { loadValue } from '../../config/memory-files.ts';
import { alertOf, notificationOf } from './examples.ts';

const disposers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const dispose of disposers.splice(0)) await dispose();
});

/** The first channel of a receiver that is written as in the file. */
async function channelFrom(entry: string, global = ''): Promise<ChannelConfig> {
  const text = `${global}\nroute: {receiver: r}\nreceivers: [{name: r, ${entry}}]\n`;
  const { notify } = await loadValue('alertmanager_file: am.yml', { '/etc/am.yml': text });
  const channel = notify.receivers[0]?.channels[0];
  if (channel === undefined) throw new Error('no channel');
  return channel;
}

/** Tell about one alert; gives the outcome, the words, and the number of tries. */
async function tell(channel: ChannelConfig, budgetMs = 1): Promise<{ outcome: string; words: string | null }> {
  const clock = systemClock;
  const state = openStateStore({ file: ':memory:', clock, log: () => undefined });
  disposers.push(() => state.close());
  const notifier = createNotifier({
    deliveries: state.deliveries,
    popups: { show: () => Promise.resolve({ delivered: true }), close: () => undefined },
    revealSecret: (secret) =>
      revealSecret(secret, {
        environment: {},
        readFile: (path) => Promise.resolve(readFileSync(path, 'utf8')),
        keychain: null,
      }),
    clock,
    log: () => undefined,
    templates: () => PLAIN_TEMPLATES,
    language: () => 'en',
    userAgent: 'Vedette/test',
    webhookTimeoutMs: 5_000,
  });
  const alert = alertOf({ alertname: 'HighCPUUsage', instance: 'h1' });
  const annotated = { ...alert, annotations: { summary: 'CPU 过高 <93 %>', description: 'since noon' } };
  const notification = notificationOf([annotated]);
  const signal = new AbortController().signal;
  const about = { channelName: `${channel.kind}[0]`, firing: ['f'], resolved: [], budgetMs, signal };
  await notifier.send({ notification, channel, ...about });
  const [delivery] = state.deliveries.list(1);
  return { outcome: delivery?.outcome ?? '', words: delivery?.words ?? null };
}

interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A service on loopback that answers by the script, the last answer for ever. */
async function service(...script: readonly { status?: number; body?: string; headers?: Record<string, string> }[]) {
  const received: Received[] = [];
  const server = await startServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      const answer = script[received.length - 1] ?? script.at(-1) ?? {};
      response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '');
    });
  });
  disposers.push(() => server.close());
  return { url: server.url, received };
}

const json = (text: string | undefined): unknown => JSON.parse(text ?? 'null');

interface Case {
  readonly kind: string;
  /** The entry; URL stands for the service. */
  readonly entry: string;
  readonly global?: string;
  readonly good: { status?: number; body?: string };
  readonly refused: { status?: number; body?: string };
  readonly path: string;
  /** What the body must hold, as JSON. */
  readonly body: unknown;
}

const CASES: readonly Case[] = [
  {
    kind: 'slack (hook)',
    entry: "slack_configs: [{api_url: 'URL/hook', channel: '#a', send_resolved: true}]",
    good: { body: 'ok' },
    refused: { body: 'channel_is_archived' },
    path: '/hook',
    body: {
      channel: '#a',
      username: 'Alertmanager',
      attachments: [{ title: '[FIRING:1] HighCPUUsage (h1)', color: 'danger' }],
    },
  },
  {
    kind: 'slack (bot)',
    entry:
      "slack_configs: [{app_token: 'xoxb', app_url: 'URL/api', channel: '#a', text: '{{ .CommonAnnotations.summary }}'}]",
    good: { body: '{"ok":true}' },
    refused: { body: '{"ok":false,"error":"not_in_channel"}' },
    path: '/api',
    body: { attachments: [{ text: 'CPU 过高 <93 %>' }] },
  },
  {
    kind: 'pagerduty',
    entry: "pagerduty_configs: [{routing_key: R, url: 'URL/v2/enqueue', severity: critical}]",
    good: { status: 202, body: '{"status":"success"}' },
    refused: { status: 400, body: '{"status":"invalid event"}' },
    path: '/v2/enqueue',
    body: {
      routing_key: 'R',
      event_action: 'trigger',
      dedup_key: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      payload: { severity: 'critical', custom_details: { num_firing: '1', num_resolved: '0' } },
    },
  },
  {
    kind: 'discord',
    entry: "discord_configs: [{webhook_url: 'URL/d'}]",
    good: { status: 204 },
    refused: { status: 404, body: '{"message":"Unknown Webhook"}' },
    path: '/d',
    body: { embeds: [{ title: '[FIRING:1] HighCPUUsage (h1)', color: 0x992d22 }] },
  },
  {
    kind: 'telegram',
    entry:
      "telegram_configs: [{bot_token: T, chat_id: -100, api_url: 'URL', message: '<b>{{ .CommonAnnotations.summary }}</b>'}]",
    good: { body: '{"ok":true}' },
    refused: { body: '{"ok":false,"description":"chat not found"}' },
    path: '/botT/sendMessage',
    body: { chat_id: -100, parse_mode: 'HTML', text: '<b>CPU 过高 &lt;93 %&gt;</b>' },
  },
  {
    kind: 'msteamsv2',
    entry: "msteamsv2_configs: [{webhook_url: 'URL/t'}]",
    good: { status: 202 },
    refused: { status: 400, body: 'bad card' },
    path: '/t',
    body: { type: 'message', attachments: [{ content: { type: 'AdaptiveCard', version: '1.2' } }] },
  },
  {
    kind: 'wechat',
    entry: 'wechat_configs: [{agent_id: "7", to_user: "@all", message: "{{ .CommonAnnotations.summary }}"}]',
    global: "global: {wechat_api_url: 'URL/cgi-bin/', wechat_api_corp_id: C, wechat_api_secret: S}",
    good: { body: '{"errcode":0,"access_token":"TOK"}' },
    refused: { body: '{"errcode":60020,"errmsg":"not allow to access from your ip","access_token":"TOK"}' },
    path: '/cgi-bin/message/send?access_token=TOK',
    body: { touser: '@all', agentid: '7', msgtype: 'text', text: { content: 'CPU 过高 <93 %>' } },
  },
  {
    kind: 'webex',
    entry: "webex_configs: [{room_id: R, api_url: 'URL/v1', http_config: {authorization: {credentials: X}}}]",
    good: { status: 200, body: '{"id":"1"}' },
    refused: { status: 401, body: 'no' },
    path: '/v1',
    body: { roomId: 'R' },
  },
  {
    kind: 'dingtalk',
    entry: "dingtalk_configs: [{url: 'URL/robot/send?access_token=T', at_mobiles: ['138']}]",
    good: { body: '{"errcode":0,"errmsg":"ok"}' },
    refused: { body: '{"errcode":310000,"errmsg":"keywords not in content"}' },
    path: '/robot/send?access_token=T',
    body: { msgtype: 'markdown', markdown: { text: expect.stringMatching(/CPU 过高[^]*\n@138$/) as string }, at: { atMobiles: ['138'], isAtAll: false } }, // prettier-ignore
  },
  {
    kind: 'wecom',
    entry: "wecom_configs: [{url: 'URL/send?key=K', mentioned_mobiles: ['@all']}]",
    good: { body: '{"errcode":0}' },
    refused: { body: '{"errcode":93000,"errmsg":"invalid webhook url"}' },
    path: '/send?key=K',
    body: { msgtype: 'text', text: { mentioned_mobile_list: ['@all'] } },
  },
  {
    kind: 'feishu',
    entry: "feishu_configs: [{url: 'URL/hook/H', secret: SEC}]",
    good: { body: '{"code":0,"msg":"success"}' },
    refused: { body: '{"code":19021,"msg":"sign match fail"}' },
    path: '/hook/H',
    body: { msg_type: 'interactive', sign: expect.any(String) as string, card: { header: { template: 'red' } } },
  },
  {
    kind: 'ntfy',
    entry: "ntfy_configs: [{url: 'URL', topic: alerts, token: T}]",
    good: { body: '{"id":"x"}' },
    refused: { status: 403, body: '{"code":40301}' },
    path: '/',
    body: { topic: 'alerts', priority: 4, tags: ['red_circle'], title: '[FIRING:1] HighCPUUsage' },
  },
  {
    kind: 'gotify',
    entry: "gotify_configs: [{url: 'URL/', token: T}]",
    good: { body: '{"id":1}' },
    refused: { status: 401, body: 'no' },
    path: '/message',
    body: { priority: 8 },
  },
];

describe.each(CASES)('$kind', ({ entry, global = '', good, refused, path, body }) => {
  const on = (url: string): Promise<ChannelConfig> => channelFrom(entry.replaceAll('URL', url), global.replaceAll('URL', url)); // prettier-ignore

  it('takes a message in its own form', async () => {
    const { url, received } = await service(good);
    expect(await tell(await on(url))).toMatchObject({ outcome: 'delivered' });
    expect(received.at(-1)?.path).toBe(path);
    expect(json(received.at(-1)?.body)).toMatchObject(body as object);
  });

  it('is believed when it refuses, in its own words', async () => {
    const { url } = await service(refused);
    const told = await tell(await on(url));
    expect(told.outcome).toBe('refused');
    expect(told.words).toContain(refused.body === undefined ? 'HTTP' : refused.body.slice(0, 20));
  });

  it('is tried again after a failure of its own, and no faster than it asks', async () => {
    const busy = { status: 503, body: 'busy' };
    const { url, received } = await service(busy, good);
    expect(await tell(await on(url), 10_000)).toMatchObject({ outcome: 'delivered' });
    expect(received.length).toBeGreaterThan(1);
    const limited = await service({ status: 429, headers: { 'retry-after': '3600' } });
    expect(await tell(await on(limited.url), 10_000)).toMatchObject({ outcome: 'failed' });
    expect(limited.received).toHaveLength(1);
  });
});

describe('forms', () => {
  it('of Pushover and of SMS are read back as they were meant', async () => {
    const { url, received } = await service({ status: 201, body: '{"sid":"1"}' });
    const twilio = await channelFrom(`twilio_configs: [{api_url: '${url}', account_sid: AC1, auth_token: T, from: '+1', to: '+86138'}]`); // prettier-ignore
    expect(await tell(twilio)).toMatchObject({ outcome: 'delivered' });
    expect(received[0]?.path).toBe('/2010-04-01/Accounts/AC1/Messages.json');
    expect(received[0]?.headers['authorization']).toBe(`Basic ${btoa('AC1:T')}`);
    expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).toEqual({ To: '+86138', From: '+1', Body: '[FIRING:1] HighCPUUsage' }); // prettier-ignore

    const sms = await service({ body: '{"Code":"OK"}' });
    const entry = `{api_url: '${sms.url}/', access_key_id: A, access_key_secret: S, phone_numbers: ['138'], sign_name: 阿里云, template_code: SMS_1}`;
    expect(await tell(await channelFrom(`aliyun_sms_configs: [${entry}]`))).toMatchObject({ outcome: 'delivered' });
    const form = Object.fromEntries(new URLSearchParams(sms.received[0]?.body));
    expect(form).toMatchObject({ Action: 'SendSms', PhoneNumbers: '138', SignName: '阿里云', TemplateParam: '{"name":"[FIRING:1] HighCPUUsage"}' }); // prettier-ignore
    const limited = await service({ body: '{"Code":"isv.BUSINESS_LIMIT_CONTROL"}' });
    const refused = await channelFrom(`aliyun_sms_configs: [${entry.replace(sms.url, limited.url)}]`);
    expect(await tell(refused)).toMatchObject({ outcome: 'failed' });
  });
});

describe('signatures', () => {
  it('are those that the services compute', () => {
    expect(encodeURIComponent(dingtalkSignature('SECtest', 1_700_000_000_000))).toBe('aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D'); // prettier-ignore
    expect(feishuSignature('SECtest', 1_700_000_000)).toBe('G7XpBpG8NgG02fJOAhX6FRAObIljmFoxVReo8I62pEk=');
  });
});

describe('a message', () => {
  it('whose template cannot be expanded is not delivered, and says why', async () => {
    const { url, received } = await service({ body: 'ok' });
    const told = await tell(await channelFrom(`slack_configs: [{api_url: '${url}', title: '{{ .Nothing.here }}'}]`));
    expect(told).toMatchObject({ outcome: 'failed', words: expect.stringContaining("can't evaluate field Nothing") as string }); // prettier-ignore
    expect(received).toEqual([]);
  });

  it('of a service that cuts the connection or is not there is not delivered', async () => {
    const cut = await startServer((request) => void request.socket.destroy());
    disposers.push(() => cut.close());
    expect(await tell(await channelFrom(`ntfy_configs: [{url: '${cut.url}', topic: a}]`))).toMatchObject({ outcome: 'failed' }); // prettier-ignore
    const gone = await startServer(() => undefined);
    await gone.close();
    const told = await tell(await channelFrom(`ntfy_configs: [{url: '${gone.url}', topic: a}]`));
    expect(told).toMatchObject({ outcome: 'failed', words: expect.stringMatching(/refused/) as string });
  });
});

describe('a mail', () => {
  /** A mail server on loopback; `accept` judges the recipient. */
  async function mailServer(accept: (address: string) => Error | null = () => null) {
    const mails: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username, password }, _session, done) => {
        if (username === 'kim' && password === 'right') done(null, { user: 'kim' });
        else done(new Error('Invalid login'));
      },
      allowInsecureAuth: true,
      onRcptTo: ({ address }, _session, done) => done(accept(address)),
      onData(stream, _session, done) {
        let text = '';
        stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        stream.on('end', () => {
          mails.push(text);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    disposers.push(
      () =>
        new Promise<void>((resolve) => {
          server.close(resolve);
        }),
    );
    const { port } = server.server.address() as { port: number };
    return { mails, smarthost: `127.0.0.1:${String(port)}` };
  }
  const entry = (smarthost: string, more = ''): string =>
    `email_configs: [{to: 'Kim <kim@example.org>', from: a@b.c, smarthost: '${smarthost}', require_tls: false, ${more} headers: {X-Team: ops}}]`;

  it('has its subject, both bodies, its own headers and the thread of the group', async () => {
    const { mails, smarthost } = await mailServer();
    const channel = await channelFrom(entry(smarthost, 'auth_username: kim, auth_password: right,'));
    expect(await tell(channel)).toMatchObject({ outcome: 'delivered' });
    expect(mails[0]).toMatch(/^To: Kim <kim@example.org>/m);
    expect(mails[0]).toMatch(/^X-Team: ops/m);
    expect(mails[0]).toMatch(/^References: <[0-9a-f]{32}@vedette>/m);
    expect(mails[0]).toMatch(/text\/plain[^]*text\/html/);
  });

  it('is refused for a wrong password and an unknown recipient, and tried again where the server is busy', async () => {
    const strict = await mailServer();
    const wrong = await channelFrom(entry(strict.smarthost, 'auth_username: kim, auth_password: wrong,'));
    expect(await tell(wrong)).toMatchObject({ outcome: 'refused', words: expect.stringContaining('Invalid login') as string }); // prettier-ignore
    const unknown = await mailServer(() => Object.assign(new Error('no such user'), { responseCode: 550 }));
    expect(await tell(await channelFrom(entry(unknown.smarthost)))).toMatchObject({ outcome: 'refused' });
    let tries = 0;
    const busy = await mailServer(() =>
      tries++ === 0 ? Object.assign(new Error('try later'), { responseCode: 451 }) : null,
    );
    expect(await tell(await channelFrom(entry(busy.smarthost)), 10_000)).toMatchObject({ outcome: 'delivered' });
  });

  it('asks for TLS unless it is told not to', async () => {
    const { mails, smarthost } = await mailServer();
    const channel = await channelFrom(entry(smarthost).replace('require_tls: false, ', ''));
    expect((await tell(channel)).outcome).not.toBe('delivered');
    expect(mails).toEqual([]);
  });
});

describe('a file and a command', () => {
  it('get the notification as a line of JSON, or as the template says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vedette-channel-'));
    disposers.push(() => {
      rmSync(folder, { recursive: true });
    });
    const path = join(folder, 'deep/alerts.log');
    expect(await tell(await channelFrom(`file_configs: [{path: '${path}'}]`))).toMatchObject({ outcome: 'delivered' });
    expect(json(readFileSync(path, 'utf8'))).toMatchObject({ version: '4', alerts: [{ labels: { alertname: 'HighCPUUsage' } }] }); // prettier-ignore
    const written = join(folder, 'got.json');
    const command = `command_configs: [{command: ['sh', '-c', 'cat > ${written}; echo seen; exit $1', 'sh', '0']}]`;
    expect(await tell(await channelFrom(command))).toMatchObject({
      outcome: 'delivered',
      words: 'sh ended with 0: seen',
    });
    expect(json(readFileSync(written, 'utf8'))).toMatchObject({ status: 'firing' });
    expect(await tell(await channelFrom(command.replace("'0'", "'3'")))).toMatchObject({ outcome: 'refused' });
    expect(await tell(await channelFrom('command_configs: [{command: [sleep, "60"], timeout: 50ms}]'))).toMatchObject({ outcome: 'refused', words: 'sleep did not end within 0.05 s.' }); // prettier-ignore
  });
});
