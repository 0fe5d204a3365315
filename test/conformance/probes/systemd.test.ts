import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { look, say } from '../../engine/collect/probe/services/ask.ts';

/** As `sd_booted(3)` says it. Where another init runs, such as in a container, nothing can be told about any unit. */
const runsSystemd = existsSync('/run/systemd/system');

it('tells of a unit what this machine can tell', async () => {
  const [known, missing] = [await look('systemd', { unit: 'dbus.service' }), await look('systemd', { unit: 'vedette-none.service' })]; // prettier-ignore
  const absent = /^unknown absent: .*systemd does not run here/;
  expect(say(known)).toMatch(runsSystemd ? /^up$/ : absent);
  expect(say(missing)).toMatch(runsSystemd ? /^(down|unknown) / : absent);
});
