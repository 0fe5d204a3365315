import { describe, expect, it } from 'vitest';

import { runScript } from '../../../../electron/engine/query/promqltest/index.ts';
import { systemClock } from '../../../../electron/engine/schedule/clock.ts';

async function problemOf(script: string): Promise<string | null | undefined> {
  const cases = await runScript(script, { clock: systemClock });
  return cases.at(-1)?.problem;
}

const LOAD = 'load 1m\n  m{a="1"} 1 2 3\n  m{a="2"} 4 _ 6\n\n';

describe('runScript', () => {
  it('passes a case that is right', async () => {
    expect(await problemOf(`${LOAD}eval instant at 2m m\n  m{a="1"} 3\n  m{a="2"} 6`)).toBeNull();
  });

  it('names a value that differs', async () => {
    expect(await problemOf(`${LOAD}eval instant at 2m m{a="1"}\n  m{a="1"} 4`)).toBe('got m{a="1"} 3, expected 4');
  });

  it('names series that are missing and series that nobody expects', async () => {
    expect(await problemOf(`${LOAD}eval instant at 2m m{a="1"}\n  m{a="1"} 3\n  other 1`)).toBe('missing other');
    expect(await problemOf(`${LOAD}eval instant at 2m m\n  m{a="1"} 3`)).toBe('unexpected m{a="2"} 6');
  });

  it('checks order only where the case demands it', async () => {
    const swapped = 'm{a="2"} 6\n  m{a="1"} 3';
    expect(await problemOf(`${LOAD}eval instant at 2m sort(m)\n  ${swapped}`)).toBeNull();
    expect(await problemOf(`${LOAD}eval instant at 2m sort(m)\n  expect ordered\n  ${swapped}`)).toContain(
      'in place 1',
    );
  });

  it('wants a failure where the case says so, with its message', async () => {
    expect(await problemOf('eval instant at 0 1 +\n  expect fail')).toBeNull();
    expect(await problemOf('eval instant at 0 1 + 1\n  expect fail')).toBe('query should have failed');
    expect(await problemOf('eval instant at 0 foo(1)\n  expect fail msg: other')).toContain('unknown function');
  });

  it('forgets everything at clear', async () => {
    expect(await problemOf(`${LOAD}clear\n\neval instant at 2m m`)).toBeNull();
  });

  it('says in which line a script cannot be read, and runs the rest', async () => {
    const cases = await runScript('clear\n\nnonsense\n\neval instant at 0 1\n  1\n', { clock: systemClock });
    expect(cases).toEqual([
      { line: 3, query: '', problem: 'unknown command: nonsense' },
      { line: 5, query: '1', problem: null },
    ]);
  });
});
