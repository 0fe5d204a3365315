import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../electron/headless.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-promql-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(text: string, ...options: string[]): Promise<{ code: number; out: string }> {
  const file = join(folder, 'mine.test');
  writeFileSync(file, text);
  let out = '';
  const code = await runCommandLine(['test', 'promql', ...options, file], {
    out: (part) => (out += part),
    err: (part) => (out += part),
  });
  return { code, out };
}

const LOAD = 'load 1m\n  up{a="1"} 1 2 3\n\n';

describe('vedette test promql', () => {
  it('counts what passed in one line', async () => {
    const text = `${LOAD}eval instant at 1m up\n  up{a="1"} 2\n\neval instant at 2m sum(up)\n  {} 3\n`;
    expect(await run(text)).toEqual({ code: 0, out: 'mine.test: 2 passed, 0 failed\n' });
  });

  it('lists what failed', async () => {
    const text = `${LOAD}eval instant at 1m up\n  up{a="1"} 7\n`;
    expect(await run(text)).toEqual({
      code: 1,
      out: 'mine.test: 0 passed, 1 failed\n  line 4: up: got up{a="1"} 2, expected 7\n',
    });
  });

  it('tells a program the same', async () => {
    const { code, out } = await run(`${LOAD}eval instant at 1m up\n  up{a="1"} 7\n`, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { name: 'mine.test', passed: 0, failed: 1, failures: [{ line: 4, query: 'up' }] },
    ]);
  });

  it('fails on what is no script', async () => {
    expect(await run('frobnicate\n')).toMatchObject({
      code: 1,
      out: expect.stringContaining('0 passed, 1 failed') as string,
    });
  });
});
