import { expect, test } from 'vitest';
import { relabelAlerts } from '../../../../electron/engine/alert/rules/index.ts';
import type { SentAlert } from '../../../../electron/engine/alert/rules/index.ts';
import { loadValue } from '../../config/memory-files.ts';

const alert = (labels: Record<string, string>): SentAlert => ({
  ruleId: 'r',
  labels,
  annotations: { summary: 's' },
  startsAt: 1,
  endsAt: null,
  value: 1,
  generatorUrl: '',
});

test('alert_relabel_configs change and drop alerts before they are routed', async () => {
  const { alertRelabelSteps } = await loadValue(`
alerting:
  alert_relabel_configs:
    - {action: labeldrop, regex: replica}
    - {source_labels: [severity], regex: debug, action: drop}
    - {source_labels: [team], regex: '', target_label: team, replacement: nobody}
`);
  const sent = relabelAlerts(
    [alert({ alertname: 'A', replica: '1' }), alert({ alertname: 'B', severity: 'debug' }), alert({ team: 'x' })],
    alertRelabelSteps,
  );
  expect(sent.map(({ labels }) => labels)).toEqual([{ alertname: 'A', team: 'nobody' }, { team: 'x' }]);
  expect(sent[0]?.annotations).toEqual({ summary: 's' });
});
