import { expect, test } from 'vitest';
import { checkOpenMetrics } from '../../../../electron/engine/collect/scrape/check-openmetrics.ts';

const GOOD = `# TYPE http_request_seconds histogram
# UNIT http_request_seconds seconds
# HELP http_request_seconds How long.
http_request_seconds_bucket{path="/",le="0.5"} 1 # {trace_id="a1"} 0.3 1700000000.5
http_request_seconds_bucket{path="/",le="+Inf"} 2
http_request_seconds_count{path="/"} 2
http_request_seconds_sum{path="/"} 1.5
# TYPE jobs counter
jobs_total{queue="a"} 7 1700000000
jobs_total{queue="a"} 8 1700000001
# TYPE "with.dots" gauge
{"with.dots",host="x"} 1
# EOF
`;

test('a text that keeps the rules is accepted', () => {
  expect(checkOpenMetrics(GOOD)).toEqual({ ok: true });
});

test.each<[string, string, number, RegExp]>([
  ['# EOF\n', '', 12, /does not end with "# EOF"/],
  ['# EOF\n', '# EOF\nmore 1\n', 13, /nothing may follow/],
  ['seconds_sum{path="/"} 1.5', 'seconds_sum{path="/"} -1', 7, /never negative/],
  ['seconds_count{path="/"} 2', 'seconds_count{path="/"} 3', 8, /count differs/],
  ['le="0.5"', 'le="half"', 4, /needs the label le/],
  ['jobs_total{queue="a"} 8 1700000001', 'jobs_total{queue="a"} 8 1', 10, /go back/],
  ['jobs_total{queue="a"} 7 1700000000', 'jobs_total{queue="a"}  7', 9, /one space/],
  ['# UNIT http_request_seconds seconds', '# UNIT http_request_seconds bytes', 2, /does not end with its unit/],
  ['# TYPE jobs counter', '# TYPE jobs count', 8, /"count" is no type/],
])('%j made into %j is refused', (from, to, line, message) => {
  expect(checkOpenMetrics(GOOD.replace(from, to))).toEqual({
    ok: false,
    problem: { line, message: expect.stringMatching(message) as string },
  });
});
