import { startServer } from '../doubles/http-server.ts';

/** The body of a webhook. Source: Alertmanager manual, webhook_config, version 4. */
export interface WebhookBody {
  readonly version: string;
  readonly groupKey: string;
  readonly truncatedAlerts: number;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly externalURL: string;
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly startsAt: string;
    readonly endsAt: string;
    readonly generatorURL: string;
    readonly fingerprint: string;
  }[];
}

export interface WebhookReceiver {
  readonly url: string;
  /** Everything received so far, oldest first. */
  bodies(): readonly WebhookBody[];
  stop(): Promise<void>;
}

/** A server that keeps the webhooks that it is sent. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const bodies: WebhookBody[] = [];
  const server = await startServer((request, response) => {
    // A program that looks for services on this machine asks here as well, with GET; a message is always posted.
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
      return;
    }
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      bodies.push(JSON.parse(text) as WebhookBody);
      response.end('ok');
    });
  });
  return { url: `${server.url}/`, bodies: () => bodies, stop: () => server.close() };
}
