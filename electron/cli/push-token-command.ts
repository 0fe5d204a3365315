import { createHash, randomBytes } from 'node:crypto';
import type { ExitCode, Output } from './output.ts';

/** `vedette push token`: a new token for a job, shown once; the configuration holds its digest alone. */
export function pushTokenCommand({ url }: { readonly url: string }, output: Output): ExitCode {
  const token = randomBytes(24).toString('base64url');
  const digest = createHash('sha256').update(token).digest('hex');
  output.err('The token is shown this once. In the configuration goes:\n\n');
  output.err(`  - {name: nightly-backup, push: {token_sha256: ${digest}, every: 1d, grace: 1h}}\n\n`);
  output.err('and the job asks this address when it is done:\n\n');
  output.out(`${url.replace(/\/$/, '')}/api/v1/push/${token}\n`);
  return 0;
}
