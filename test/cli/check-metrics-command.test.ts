import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { checkMetricsCommand, type CheckMetricsOptions } from '../../electron/cli/check-metrics-command.ts';

async function check(
  text: string,
  options: CheckMetricsOptions = {},
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const output = { out: (part: string) => (out += part), err: (part: string) => (err += part) };
  const code = await checkMetricsCommand([], options, Readable.from([text]), output);
  return { code, out, err };
}

describe('vedette check metrics', () => {
  it('has nothing to say about good metrics', async () => {
    const text = `# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{code="200"} 3
# HELP wait_seconds Waiting.
# TYPE wait_seconds histogram
wait_seconds_bucket{le="1"} 1
wait_seconds_bucket{le="+Inf"} 2
wait_seconds_sum 3
wait_seconds_count 2
`;
    expect(await check(text)).toEqual({ code: 0, out: 'stdin: ok (2 metrics)\n', err: '' });
  });

  it('names what is against the habits', async () => {
    const text = `# TYPE requests counter
requests 1
# HELP wait_minutes x
# TYPE wait_minutes gauge
wait_minutes{hostName="a",le="1"} 1
# HELP size_kb x
# TYPE size_kb gauge
size_kb 1
`;
    expect((await check(text)).err.split('\n')).toEqual([
      'requests no help text',
      'requests counter metrics should have "_total" suffix',
      'size_kb metric names should not contain abbreviated units',
      'wait_minutes use base unit "seconds" instead of "minutes"',
      'wait_minutes non-histogram metrics should not have "le" label',
      "wait_minutes label names should be written in 'snake_case' not 'camelCase'",
      '',
    ]);
  });

  it('refuses what is not the format, with the line', async () => {
    expect(await check('a 1\nb x\n')).toMatchObject({ code: 1, err: 'stdin:2: expected float as value, got "x"\n' });
    expect((await check('a 1 1.5\n')).err).toContain('expected integer as timestamp');
    expect((await check('# HELP a x\n# HELP a y\na 1\n')).err).toContain('stdin:2: second HELP line');
    expect((await check('a 1\n# TYPE a gauge\n')).err).toContain('TYPE reported after samples');
    expect((await check('a 1')).err).toContain('unexpected end of input');
  });

  it('is strict with OpenMetrics', async () => {
    const good = '# HELP a x\n# TYPE a counter\na_total 1\n# EOF\n';
    expect(await check(good)).toMatchObject({ code: 0 });
    expect((await check(good.replace('a_total', 'a'))).err).toMatch(/^stdin:3: /);
    expect((await check('a 1\n', { format: 'openmetrics' })).err).toContain('does not end with "# EOF"');
  });
});
