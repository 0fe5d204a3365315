import { expect, test } from 'vitest';
import type { Alert } from '../../../shared/contract/alerts.ts';
import { annotationOf, byUrgency, isSeriesOf, matchesWords } from '../../../renderer/pages/alerts/alert-facts.ts';

function alert(change: Partial<Alert>): Alert {
  return {
    id: 'a',
    name: 'Down',
    state: 'firing',
    severity: 'critical',
    labels: { alertname: 'Down', instance: 'shop', severity: 'critical' },
    annotations: { summary: 'The shop is down', summary_zh: '商店无响应' },
    value: 0,
    expr: 'up == 0',
    activeAt: 1000,
    firedAt: 2000,
    resolvedAt: null,
    handling: null,
    ...change,
  };
}

test('the worst stand first, and of equal ones the newest', () => {
  const sorted = [
    alert({ id: 'info', severity: 'info', firedAt: 9000 }),
    alert({ id: 'old', firedAt: 1000 }),
    alert({ id: 'error', severity: 'error' }),
    alert({ id: 'new', firedAt: 5000 }),
  ].sort(byUrgency);
  expect(sorted.map(({ id }) => id)).toEqual(['new', 'old', 'error', 'info']);
});

test('a summary is in the language of the reader when the rule has one', () => {
  expect(annotationOf(alert({}), 'summary', 'zh-CN')).toBe('商店无响应');
  expect(annotationOf(alert({}), 'summary', 'en')).toBe('The shop is down');
  expect(annotationOf(alert({ annotations: { summary: 'Only English' } }), 'summary', 'zh-CN')).toBe('Only English');
  expect(annotationOf(alert({ annotations: {} }), 'summary', 'en')).toBeNull();
});

test('its series is the one whose labels it has', () => {
  expect(isSeriesOf({ __name__: 'up', instance: 'shop' }, alert({}))).toBe(true);
  expect(isSeriesOf({ __name__: 'up', instance: 'mail' }, alert({}))).toBe(false);
  expect(isSeriesOf({}, alert({}))).toBe(true);
});

test('it is found by words of its name, texts and labels', () => {
  expect(matchesWords(alert({}), 'SHOP critical')).toBe(true);
  expect(matchesWords(alert({}), '无响应')).toBe(true);
  expect(matchesWords(alert({}), 'shop mail')).toBe(false);
  expect(matchesWords(alert({}), '')).toBe(true);
});
