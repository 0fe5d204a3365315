import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SentChannelConfig } from '../../config/configuration.ts';
import type { ChannelContext } from './channels/channel.ts';
import type { Verdict } from './webhook.ts';

export type FileChannelConfig = Extract<SentChannelConfig, { kind: 'file' }>;

/** Append a notification to a file: a line of JSON, or the text that a template gives. @throws RenderFailure */
export async function writeToFile(
  { options }: FileChannelConfig,
  context: ChannelContext,
  body: string,
): Promise<Verdict> {
  const text = options.text === undefined ? body : context.render(options.text);
  try {
    await mkdir(dirname(options.path), { recursive: true });
    await appendFile(options.path, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 });
    return { kind: 'delivered', words: '' };
  } catch (error) {
    const words = `${options.path} could not be written: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'retry', words, afterMs: 0 };
  }
}
