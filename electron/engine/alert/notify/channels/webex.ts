import type { HttpChannel } from './channel.ts';
import { judgeStatus } from './judge-answer.ts';
import { shortenBytes } from './shorten.ts';

/** Source: Webex, "Create a message"; the token of the bot comes from `http_config.authorization`. */
export const webex: HttpChannel<'webex'> = {
  build(options, { render }) {
    const markdown = shortenBytes(render(options.message ?? '{{ template "webex.default.message" . }}'), 7439);
    return {
      url: options.api_url ?? 'https://webexapis.com/v1/messages',
      body: JSON.stringify({ markdown, roomId: options.room_id }),
    };
  },
  judge: judgeStatus,
};
