import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { look, say } from '../../engine/collect/probe/services/ask.ts';

/** As `sd_booted(3)` says it. Where another init runs, such as in a container, the double of the bus stands in. */
const runsSystemd = existsSync('/run/systemd/system');

describe.runIf(runsSystemd)('systemd', () => {
  it('is up for a unit that always runs, and down for one that is not there', async () => {
    expect(say(await look('systemd', { unit: 'dbus.service' }))).toBe('up');
    expect(say(await look('systemd', { unit: 'vedette-none.service' }))).toMatch(/^(down|unknown) /);
  });
});

describe.skipIf(runsSystemd)('a machine without systemd', () => {
  it('cannot tell, and says that systemd does not run', async () => {
    expect(say(await look('systemd', { unit: 'dbus.service' }))).toMatch(
      /^unknown absent: .*systemd does not run here/,
    );
  });
});
