import type { ChannelContext, HttpChannel, HttpMessage } from './channel.ts';
import { judgeStatus } from './judge-answer.ts';

/** A message may have 28 KB. Source: Microsoft, "Create incoming webhooks". */
const MOST_CHARACTERS = 20_000;

/** Microsoft Teams, by the address of a workflow. Cards of the older connectors are no longer taken by Microsoft. */
export const msteamsv2: HttpChannel<'msteamsv2'> = {
  build: (options, context) => card(options.title, options.text, 'msteamsv2', context),
  judge: judgeStatus,
};

/** The older name of the channel in Alertmanager; the same card is sent. */
export const msteams: HttpChannel<'msteams'> = {
  build: (options, context) => card(options.title, options.text, 'msteams', context),
  judge: judgeStatus,
};

/** Source: Adaptive Cards 1.2 inside of a message, as workflows take it. */
function card(
  title: string | undefined,
  text: string | undefined,
  kind: 'msteams' | 'msteamsv2',
  { notification, render, secret }: ChannelContext,
): HttpMessage {
  const isFiring = notification.status === 'firing';
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body: [
      {
        type: 'TextBlock',
        text: render(title ?? `{{ template "${kind}.default.title" . }}`),
        weight: 'Bolder',
        size: 'Medium',
        wrap: true,
        style: 'heading',
        color: isFiring ? 'Attention' : 'Good',
      },
      {
        type: 'TextBlock',
        text: render(text ?? `{{ template "${kind}.default.text" . }}`).slice(0, MOST_CHARACTERS),
        wrap: true,
      },
    ],
    msteams: { width: 'full' },
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return { url: secret('webhook_url') ?? '', body: JSON.stringify({ type: 'message', attachments: [attachment] }) };
}
