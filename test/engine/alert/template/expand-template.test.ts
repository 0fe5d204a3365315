import { describe, expect, it } from 'vitest';
import {
  alertTemplateData,
  compileTemplate,
  expandTemplate,
  RULE_PREFIX,
  type ExpandContext,
} from '../../../../electron/engine/alert/template/expand-template.ts';

const data = alertTemplateData({
  labels: { instance: 'web:9100', job: 'node' },
  externalLabels: { site: 'office' },
  externalUrl: 'http://127.0.0.1:9777',
  value: 93.4567,
});

async function expand(text: string, changes: Partial<ExpandContext> = {}): Promise<string> {
  const context = {
    query: () => Promise.resolve({ ok: true as const, samples: [] }),
    nowMs: 0,
    externalUrl: '',
    ...changes,
  };
  const result = await expandTemplate(compileTemplate('t', text, RULE_PREFIX), data, context);
  return result.ok
    ? result.text
    : result.problem.message.replace(
        /^.*?: (?=error calling|can't|wrong|undefined|function|unexpected|unclosed|expected)/,
        '',
      );
}

describe('templates of rules', () => {
  it.each([
    ['plain', 'plain'],
    ['{{ $labels.instance }} at {{ $value }}', 'web:9100 at 93.4567'],
    ['{{ $labels }}', 'map[instance:web:9100 job:node]'],
    ['{{ $labels.missing }}|{{ $externalLabels.site }}|{{ $externalURL }}', '|office|http://127.0.0.1:9777'],
    [
      '{{ printf "%.2f%% of %-6s|%5d|%05d|%x|%q" $value $labels.job 42 42 255 "a" }}',
      '93.46% of node  |   42|00042|ff|"a"',
    ],
    [
      '{{ printf "%d" $value }} {{ printf "%s" }} {{ printf "a" 1 }}',
      '%!d(float64=93.4567) %!s(MISSING) a%!(EXTRA int=1)',
    ],
    ['{{ if gt $value 90.0 }}high{{ else if gt $value 50.0 }}middle{{ else }}low{{ end }}', 'high'],
    ['{{ with $labels.missing }}{{ . }}{{ else }}none{{ end }}', 'none'],
    ['{{ range $name, $text := $labels }}{{ $name }}={{ $text }};{{ end }}', 'instance=web:9100;job=node;'],
    [
      '{{ range $i := 5 }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ if eq $i 3 }}{{ break }}{{ end }}{{ $i }}{{ end }}',
      '02',
    ],
    ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}', '2'],
    ['a {{- /* comment */ -}} b{{ "c" -}}  \n d', 'abcd'],
    ['{{ define "x" }}<{{ . }}>{{ end }}{{ template "x" $labels.job }}{{ block "y" 1 }}{{ . }}{{ end }}', '<node>1'],
    [
      '{{ and true 0 }} {{ or "" "b" }} {{ not 0 }} {{ len $labels }} {{ index $labels "job" }} {{ slice "abcdef" 1 3 }}',
      '0 b true 2 node bc',
    ],
    ['{{ $value | humanize | printf "%s!" }}', '93.46!'],
    ['{{ 1e9 }} {{ 1000000.0 }} {{ 0.1 }} {{ 123456.5 }} {{ 0x10 }}', '1e+09 1e+06 0.1 123456.5 16'],
    ['{{ (1435065584 | toTime).Format "02 Jan 06 15:04 MST" }}', '23 Jun 15 13:19 UTC'],
    [
      '{{ reReplaceAll "(.*):.*" "${1}" $labels.instance }} {{ if match "^web" $labels.instance }}yes{{ end }}',
      'web yes',
    ],
  ])('%s', async (text, expected) => {
    expect(await expand(text)).toBe(expected);
  });

  it.each([
    ['{{ toUpper $value }}', 'wrong type for value; expected string; got float64'],
    ['{{ if gt $value 80 }}x{{ end }}', 'error calling gt: incompatible types for comparison'],
    ['{{ nosuch 1 }}', 'function "nosuch" not defined'],
    ['{{ $nosuch }}', 'undefined variable "$nosuch"'],
    ['{{ if true }}', 'unexpected EOF'],
    ['{{ .Nosuch }}', "can't evaluate field Nosuch in type struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }"], // prettier-ignore
    ['{{ match "(" "x" }}', expect.stringContaining('error calling match: ')],
  ])('%s fails in the words of Go', async (text, expected) => {
    expect(await expand(text)).toEqual(expected);
  });

  it('asks each query once, although the run starts again with its answer', async () => {
    const asked: string[] = [];
    const text = await expand(
      '{{ with query "up" }}{{ . | first | value }}{{ end }} {{ query "down" | first | label "job" }}',
      {
        query(expression) {
          asked.push(expression);
          return Promise.resolve({ ok: true, samples: [{ labels: { job: expression }, value: 7 }] });
        },
      },
    );
    expect(text).toBe('7 down');
    expect(asked).toEqual(['up', 'down']);
  });

  it('says why a query failed', async () => {
    const query = () => Promise.resolve({ ok: false as const, message: 'parse error' });
    expect(await expand('{{ query "(" }}', { query })).toBe('error calling query: parse error');
  });

  it('ends a template that calls itself for ever', async () => {
    expect(await expand('{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}')).toContain(
      'exceeded maximum template depth',
    );
  });
});
