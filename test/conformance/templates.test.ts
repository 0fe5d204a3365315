import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileTemplate, expandTemplate } from '../../electron/engine/alert/template/expand-template.ts';
import type { TemplateValue } from '../../electron/engine/alert/template/template-value.ts';

const FILE = '../shared/conformance/rulefmt/alert-templates.json';

interface Case {
  readonly text: string;
  readonly output?: unknown;
  readonly shouldFail?: boolean;
  readonly errorMsg?: string;
  readonly html?: boolean;
  readonly input?: unknown;
  readonly options?: unknown;
  readonly queryResult?: readonly { readonly metric: Record<string, string>; readonly value: number | null }[];
}

/** The cases that are not run, each with its reason. */
function reasonToSkip(example: Case): string | null {
  if (example.html === true) return 'HTML templates belong to consoles, rules use text templates';
  const json = JSON.stringify(example);
  if (json.includes('histogram.FloatHistogram')) return 'native histograms';
  if (json.includes('-2117045')) return 'the expression -(2*86400+…) was not evaluated when the case was written down';
  if (json.includes('"input":[1,-1,{"$call":"math.NaN"')) return 'math.Inf(1) was written down as 1';
  return null;
}

function load(): readonly Case[] {
  if (!existsSync(FILE)) throw new Error(`${FILE} is missing: run this beside the conformance data.`);
  // Whole numbers beyond 2^53 appear only as named constants, so a plain parse loses nothing.
  return JSON.parse(readFileSync(FILE, 'utf8')) as readonly Case[];
}

const CONSTANTS: Readonly<Record<string, bigint>> = {
  'math.MaxInt64': 2n ** 63n - 1n,
  'math.MinInt64': -(2n ** 63n),
  'math.MaxUint64': 2n ** 64n - 1n,
};

function toValue(input: unknown): TemplateValue {
  if (input === undefined || input === null) return null;
  if (typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean') return input;
  if (Array.isArray(input)) return { kind: 'list', type: '[]interface {}', items: input.map(toValue) };
  const constant = CONSTANTS[String((input as { $go?: unknown }).$go)];
  if (constant === undefined) throw new Error(`unknown input ${JSON.stringify(input)}`);
  return constant;
}

const cases = load();
const run = cases.filter((example) => reasonToSkip(example) === null);

describe('rule templates against Prometheus', () => {
  it('runs nearly every case', () => {
    expect(cases.length).toBe(89);
    expect(run.length).toBeGreaterThanOrEqual(78);
  });

  it.each(run.map((example, index) => ({ ...example, title: `${String(index)}: ${example.text}` })))(
    '$title',
    async (example) => {
      const result = await expandTemplate(compileTemplate('test', example.text), toValue(example.input), {
        externalUrl: 'http://testhost:9090/path/prefix',
        nowMs: 1353755652000,
        missingKey: JSON.stringify(example.options ?? '').includes('missingkey=error') ? 'error' : 'zero',
        query: () =>
          Promise.resolve({
            ok: true,
            samples: (example.queryResult ?? []).map(({ metric, value }) => ({ labels: metric, value: value ?? NaN })),
          }),
      });
      if (example.shouldFail === true) {
        expect(result.ok).toBe(false);
        if (!result.ok) expect(result.problem.message).toBe(example.errorMsg);
      } else expect(result).toEqual({ ok: true, text: example.output });
    },
  );
});
