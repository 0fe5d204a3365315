import type { HttpChannel } from './channel.ts';
import { judgeStatus } from './judge-answer.ts';

/** Source: Gotify, "Push messages". */
export const gotify: HttpChannel<'gotify'> = {
  build(options, { notification, render, secret }) {
    const body = {
      title: render(options.title ?? '{{ template "vedette.chat.title" . }}'),
      message: render(options.message ?? '{{ template "vedette.chat.markdown" . }}'),
      priority: options.priority ?? (notification.status === 'firing' ? 8 : 4),
      extras: { 'client::display': { contentType: 'text/markdown' } },
    };
    return {
      url: `${options.url.replace(/\/$/, '')}/message`,
      headers: { 'x-gotify-key': secret('token') ?? '' },
      body: JSON.stringify(body),
    };
  },
  judge: judgeStatus,
};
