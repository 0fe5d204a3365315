import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { RuleGroupStatus } from '../../../electron/engine/alert/rules/index.ts';
import { labelNameOfPath } from '../../../electron/engine/prometheus/label-name.ts';
import { BadParameter, durationParam, limitParam, timeParam } from '../../../electron/engine/prometheus/params.ts';
import type { FromAnswerer, ToAnswerer } from '../../../electron/engine/prometheus/answer-messages.ts';
import { answerQuestions } from '../../../electron/engine/prometheus/answer-questions.ts';
import type { Cancellation } from '../../../electron/engine/query/promql/index.ts';
import { createQuestions } from '../../../electron/engine/prometheus/ask-questions.ts';
import type { PrometheusReply } from '../../../electron/engine/prometheus/endpoint.ts';
import type { PrometheusApi } from '../../../electron/engine/prometheus/prometheus-api.ts';
import type { Channel } from '../../../electron/engine/threads/channel.ts';
import { queryTree } from '../../../electron/engine/prometheus/query-tree.ts';
import { success, successList, type TextReply } from '../../../electron/engine/prometheus/reply.ts';
import { rulesData } from '../../../electron/engine/prometheus/rules-data.ts';
import { parsePromql } from '../../../electron/engine/query/promql/index.ts';

describe('the name of a label in a path', () => {
  it.each([
    ['job', 'job'],
    ['U__http_2e_status', 'http.status'],
    ['U__a__b', 'a_b'],
    ['U___1f600_', '😀'],
    ['U__broken_', 'U__broken_'],
    ['U___d800_', 'U___d800_'],
  ])('%s means %s', (path, name) => {
    expect(labelNameOfPath(path)).toBe(name);
  });
});

describe('parameters', () => {
  it('take times as Unix seconds, RFC 3339 and the ends of time', () => {
    const time = (text: string): number => timeParam({ time: [text] }, 'time', null);
    expect(time('1435781430.781')).toBe(1_435_781_430_781);
    expect(time('2015-07-01T20:10:30.781Z')).toBe(1_435_781_430_781);
    expect(time('2015-07-01T22:10:30+02:00')).toBe(1_435_781_430_000);
    expect(time('292277025-08-18T07:12:54.999999999Z')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => time('yesterday')).toThrow('invalid parameter "time": cannot parse "yesterday" to a valid timestamp');
  });

  it('take durations as seconds or with units, and limits as whole numbers', () => {
    expect(durationParam({ step: ['1.5'] }, 'step')).toBe(1500);
    expect(durationParam({ step: ['1m30s'] }, 'step')).toBe(90_000);
    expect(() => durationParam({ step: ['x'] }, 'step')).toThrow(BadParameter);
    expect(limitParam({ limit: ['3'] })).toBe(3);
    expect(() => limitParam({ limit: ['-3'] })).toThrow('limit must be non-negative');
  });
});

describe('a long answer', () => {
  const items = Array.from({ length: 40_000 }, (_, i) => `entry ${String(i)}`);
  const api = (): Promise<TextReply> => Promise.resolve(successList(items));

  it('comes in pieces that are made when they are taken', async () => {
    const { questions, sent } = connected(api);
    const reply = await questions.ask(QUESTION, new AbortController().signal);
    if (typeof reply.body === 'string' || reply.body instanceof Uint8Array) throw new Error('it came whole');
    const parts: Uint8Array[] = [];
    for await (const part of reply.body) parts.push(Uint8Array.from(part));
    expect(parts.length).toBeGreaterThan(3);
    expect(sent.filter(({ kind }) => kind === 'taken')).toHaveLength(parts.length);
    expect(JSON.parse(Buffer.concat(parts).toString())).toEqual({ status: 'success', data: items });
  });

  it('waits while nobody reads on', async () => {
    const { questions, answered } = connected(api);
    await questions.ask(QUESTION, new AbortController().signal);
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toHaveLength(2);
  });

  it.each([0, 1, 2])('is given up when nobody reads on after %i pieces', async (count) => {
    const { questions, sent } = connected(api);
    const reply = await questions.ask(QUESTION, new AbortController().signal);
    if (typeof reply.body === 'string' || reply.body instanceof Uint8Array) throw new Error('it came whole');
    const reading = Readable.from(reply.body, { objectMode: false, highWaterMark: 1 });
    for (let i = 0; i < count; i++) await once(reading.resume(), 'data');
    reading.destroy();
    await once(reading, 'close');
    expect(sent.at(-1)).toEqual({ id: 1, kind: 'drop' });
  });
});

describe('a question to the thread of the store', () => {
  it('is cancelled there when the client goes away', async () => {
    const gone = new AbortController();
    const seen: Cancellation[] = [];
    const { questions } = connected((_path, _params, signal) => {
      seen.push(signal);
      return new Promise(() => undefined);
    });
    const asked = questions.ask(QUESTION, gone.signal);
    gone.abort();
    await expect(asked).rejects.toThrow('given up');
    expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('fails with the words of what went wrong there', async () => {
    const { questions } = connected(() => Promise.reject(new Error('the disk is gone')));
    await expect(questions.ask(QUESTION, new AbortController().signal)).rejects.toThrow('the disk is gone');
  });

  it('fails when a piece cannot be made, and the next one is answered', async () => {
    const answers = [failingReply(), success('fine')];
    const { questions } = connected(() => Promise.resolve(answers.shift() ?? success(null)));
    const ask = (): Promise<PrometheusReply> => questions.ask(QUESTION, new AbortController().signal);
    await expect(ask()).rejects.toThrow('half way');
    const { body } = await ask();
    expect(body).toBe('{"status":"success","data":"fine"}');
  });

  it('fails when the thread ends, before the answer or within it', async () => {
    const items = Array.from({ length: 90_000 }, () => 'entry');
    const { questions, end } = connected((path) =>
      path === 'long' ? Promise.resolve(successList(items)) : new Promise(() => undefined),
    );
    const { signal } = new AbortController();
    const waiting = expect(questions.ask(QUESTION, signal)).rejects.toThrow('it died');
    const { body } = await questions.ask({ path: 'long', params: {} }, signal);
    end(new Error('it died'));
    await waiting;
    await expect(Readable.from(body, { objectMode: false }).toArray()).rejects.toThrow('it died');
    await expect(questions.ask(QUESTION, signal)).rejects.toThrow('it died');
  });
});

const QUESTION = { path: 'api/v1/query', params: {} };

function failingReply(): TextReply {
  function* pieces(): Generator<string> {
    yield 'half';
    throw new Error('half way');
  }
  return { status: 200, contentType: 'application/json', pieces: pieces() };
}

/** Both ends of a channel in one thread. */
function connected(api: PrometheusApi) {
  const sent: ToAnswerer[] = [];
  const answered: FromAnswerer[] = [];
  let toAnswerer = (_message: unknown): void => undefined;
  let toAsker = (_message: unknown): void => undefined;
  let end = (_reason: Error): void => undefined;
  const asker: Channel = {
    post(message) {
      sent.push(message as ToAnswerer);
      toAnswerer(message);
    },
    onMessage: (listener) => (toAsker = listener),
    onEnd: (listener) => (end = listener),
  };
  const answerer: Channel = {
    post(message) {
      answered.push(message as FromAnswerer);
      toAsker(message);
    },
    onMessage: (listener) => (toAnswerer = listener),
    onEnd: () => undefined,
  };
  answerQuestions(answerer, api);
  return { questions: createQuestions(asker), sent, answered, end: (reason: Error) => end(reason) };
}

describe('the rules', () => {
  const group = (file: string, name: string): RuleGroupStatus => ({
    name,
    file,
    intervalMs: 60_000,
    limit: 0,
    evaluationTimeMs: 0,
    lastEvaluation: 0,
    rules: [
      { kind: 'recording', id: name, name: `r:${name}`, query: 'up', labels: { team: name }, health: 'ok', lastError: '', evaluationTimeMs: 0, lastEvaluation: 0, line: 1 }, // prettier-ignore
    ],
  });
  const groups = [group('b.yml', 'three'), group('a.yml', 'two'), group('a.yml', 'one')];
  const names = (params: Record<string, string[]>): { names: string[]; token: string | undefined } => {
    const data = rulesData(groups, params) as { groups: { name: string }[]; groupNextToken?: string };
    return { names: data.groups.map(({ name }) => name), token: data.groupNextToken };
  };

  it('come a page of groups at a time', () => {
    const first = names({ group_limit: ['2'] });
    expect(first.names).toEqual(['one', 'two']);
    const second = names({ group_limit: ['2'], group_next_token: [first.token ?? ''] });
    expect(second).toEqual({ names: ['three'], token: undefined });
    expect(() => names({ group_limit: ['2'], group_next_token: ['old'] })).toThrow('were rule groups changed');
    expect(() => names({ group_next_token: ['x'] })).toThrow('group_limit');
  });

  it('are filtered by type, name, group, file and labels', () => {
    expect(names({ type: ['alert'] }).names).toEqual([]);
    expect(names({ 'rule_name[]': ['r:two', 'r:three'] }).names).toEqual(['two', 'three']);
    expect(names({ 'rule_group[]': ['one'] }).names).toEqual(['one']);
    expect(names({ 'file[]': ['b.yml'] }).names).toEqual(['three']);
    expect(names({ 'match[]': ['{team=~"o.*"}'] }).names).toEqual(['one']);
    expect(() => names({ type: ['odd'] })).toThrow('not supported value "odd"');
  });
});

describe('the tree of a query', () => {
  it('has the nodes that Prometheus names', () => {
    const parsed = parsePromql('topk by (a) (2, -foo{b!="c"}[5m:1m] offset 1m) / on (x) group_left (y) vector(1)');
    const matrix = parsePromql('sum by (a) (rate(foo{b!="c"}[5m] @ end())) / on (x) group_left (y) vector(1)');
    expect(parsed.ok).toBe(false);
    if (!matrix.ok) throw new Error(matrix.problem.message);
    expect(queryTree(matrix.value)).toMatchObject({
      type: 'binaryExpr',
      op: '/',
      matching: { card: 'many-to-one', labels: ['x'], on: true, include: ['y'] },
      lhs: {
        type: 'aggregation',
        grouping: ['a'],
        expr: {
          type: 'call',
          func: { name: 'rate', argTypes: ['matrix'], variadic: 0, returnType: 'vector' },
          args: [{ type: 'matrixSelector', name: 'foo', range: 300_000, startOrEnd: 'end', offset: 0 }],
        },
      },
      rhs: { type: 'call', args: [{ type: 'numberLiteral', val: '1' }] },
    });
  });
});
