import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_TEMPLATES } from '../../electron/engine/alert/notify/default-templates.ts';
import {
  notificationDot,
  stringList,
  type NotificationData,
} from '../../electron/engine/alert/template/notification-data.ts';
import {
  readTemplates,
  renderNotification,
  renderText,
} from '../../electron/engine/alert/template/notification-template.ts';
import type { TemplateValue } from '../../electron/engine/alert/template/template-value.ts';
import type { LabelRecord } from '../../shared/model/labels.ts';

const FOLDER = '../shared/conformance/alertmanager';
const AMTOOL = '/usr/bin/amtool';
for (const path of [FOLDER, AMTOOL]) {
  if (!existsSync(path)) throw new Error(`${path} is missing: run this beside the conformance data, with amtool.`);
}

interface GoAlert {
  Status: string;
  Labels?: LabelRecord;
}
interface GoData {
  Alerts?: GoAlert[];
  GroupLabels?: LabelRecord;
  CommonLabels?: LabelRecord;
  RouteLabels?: LabelRecord;
}
interface Case {
  title: string;
  in: string;
  data: unknown;
  html: boolean;
  exp: string;
  fail: boolean;
}

const labels = (record: LabelRecord | undefined): LabelRecord | null =>
  record === undefined ? null : Object.fromEntries(Object.entries(record).filter(([name]) => name !== '$type'));

function dataOf(given: GoData): NotificationData {
  return {
    receiver: '',
    status: '',
    externalUrl: '',
    alerts: (given.Alerts ?? []).map(({ Status, Labels }) => ({
      status: Status,
      labels: labels(Labels),
      annotations: null,
      startsAt: null,
      endsAt: null,
      generatorUrl: '',
      fingerprint: '',
    })),
    groupLabels: labels(given.GroupLabels),
    commonLabels: labels(given.CommonLabels),
    commonAnnotations: null,
    routeLabels: labels(given.RouteLabels),
  };
}

/** The dot of a case: nothing, a list of texts, a plain map, or the data of a notification. */
function dotOf(given: unknown): TemplateValue {
  if (given === null) return null;
  if (Array.isArray(given)) return stringList(given as string[]);
  if ((given as { $type?: string }).$type === 'Data') return notificationDot(dataOf(given as GoData));
  const entries = Object.entries(given as Record<string, string | number>).map(
    ([name, value]): [string, TemplateValue] => [name, typeof value === 'number' ? BigInt(value) : value],
  );
  return { kind: 'map', type: 'map[string]interface {}', entries: new Map(entries), zero: null };
}

describe('templates of Alertmanager', () => {
  const cases = JSON.parse(readFileSync(`${FOLDER}/cases/notification-templates.json`, 'utf8')) as Case[];
  it('are all there', () => {
    expect(cases).toHaveLength(43);
  });
  it.each(cases)('$title', ({ in: text, data, html, exp, fail }) => {
    const routeLabels = labels((data as GoData | null)?.RouteLabels) ?? {};
    const result = renderText({ defined: new Map() }, text, dotOf(data), routeLabels, { nowMs: 0, html });
    expect(result).toEqual(fail ? expect.objectContaining({ ok: false }) : { ok: true, text: exp });
  });
});

describe("Alertmanager's own templates", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-templates-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const data: NotificationData = {
    receiver: 'team X',
    status: 'firing',
    externalUrl: 'http://alertmanager.example:9093/path',
    groupLabels: { alertname: 'HighCPU', cluster: 'A & B' },
    commonLabels: { alertname: 'HighCPU', cluster: 'A & B', team: '<db>', severity: 'critical' },
    commonAnnotations: { summary: 'CPU "high" 过高', runbook: "it's here" },
    routeLabels: null,
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'HighCPU', instance: 'h1', cluster: 'A & B' },
        annotations: { summary: 'CPU "high" 过高', description: 'line\nbreak + plus' },
        startsAt: Date.UTC(2026, 10, 21, 22, 53, 40, 264),
        endsAt: null,
        generatorUrl: 'http://prom.example/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
        fingerprint: '4b9b1b0af8c24434',
      },
      {
        status: 'resolved',
        labels: { alertname: 'HighCPU', instance: 'h2', cluster: 'A & B' },
        annotations: {},
        startsAt: Date.UTC(2026, 10, 21, 22, 0, 0),
        endsAt: Date.UTC(2026, 10, 21, 22, 53, 0),
        generatorUrl: 'javascript:alert(1)',
        fingerprint: '721431ee6c3e9fe9',
      },
    ],
  };
  const time = (at: number | null): string => (at === null ? '0001-01-01T00:00:00Z' : new Date(at).toISOString());
  const json = {
    receiver: data.receiver,
    status: data.status,
    externalURL: data.externalUrl,
    groupLabels: data.groupLabels,
    commonLabels: data.commonLabels,
    commonAnnotations: data.commonAnnotations,
    alerts: data.alerts.map((alert) => ({
      ...alert,
      startsAt: time(alert.startsAt),
      endsAt: time(alert.endsAt),
      generatorURL: alert.generatorUrl,
    })),
  };
  const files = ['default.tmpl', 'email.tmpl'].map((name) => ({
    name,
    text: readFileSync(`${FOLDER}/template/${name}`, 'utf8'),
  }));
  const names = files.flatMap(({ text }) =>
    [...text.matchAll(/\{\{-? *define "([^"]+)"/g)].map(([, name]) => name ?? ''),
  );

  /** Those that are made for a list of alerts and not for a notification. */
  const PARTS = new Set(['__text_alert_list', '__text_alert_list_markdown', 'pagerduty.default.instances']);

  /** Its mail has another look here. */
  const OTHER_LOOK = new Set(['email.default.html']);

  it.each(names.filter((name) => !PARTS.has(name) && !OTHER_LOOK.has(name)))('%s is the same in our own', (name) => {
    const [theirs, ours] = [readTemplates(files), readTemplates([DEFAULT_TEMPLATES])];
    if (!theirs.ok || !ours.ok) throw new Error(JSON.stringify([theirs, ours]));
    for (const given of [
      data,
      { ...data, status: 'resolved', alerts: data.alerts.slice(1) },
      { ...data, alerts: [] },
    ]) {
      const text = `{{ template "${name}" . }}`;
      const options = { nowMs: 0 };
      expect(renderNotification(ours.set, text, given, options)).toEqual(renderNotification(theirs.set, text, given, options)); // prettier-ignore
    }
  });

  it.each(names.filter((name) => !PARTS.has(name)))('%s renders as amtool renders it', (name) => {
    const read = readTemplates(files);
    expect(read.ok).toBe(true);
    if (!read.ok) return;
    const text = `{{ template "${name}" . }}`;
    writeFileSync(join(folder, 'data.json'), JSON.stringify(json));
    const html = name.endsWith('.html');
    const args = ['template', 'render', `--template.glob=${FOLDER}/template/*.tmpl`, `--template.text=${text}`];
    const type = html ? ['--template.type=html'] : [];
    const oracle = spawnSync(AMTOOL, [...args, ...type, `--template.data=${join(folder, 'data.json')}`]);
    expect(oracle.stderr.toString()).toBe('');
    const rendered = renderNotification(read.set, text, data, { nowMs: Date.UTC(2026, 10, 22), html });
    expect(rendered).toEqual({ ok: true, text: oracle.stdout.toString() });
  });
});
