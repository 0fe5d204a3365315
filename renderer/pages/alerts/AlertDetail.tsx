import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Alert, RuleGroup } from '../../../shared/contract/alerts.ts';
import { decodeValue } from '../../../shared/model/wire-value.ts';
import { useLook } from '../../app/look.ts';
import { SidePanel } from '../../app/SidePanel.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { AlertHandling } from './AlertHandling.tsx';
import { annotationOf, markOf, startOf } from './alert-facts.ts';
import styles from './AlertDetail.module.css';
import { readCondition } from './condition.ts';
import { ConditionText, ValueAgainstLimit } from './ConditionText.tsx';
import { Sparkline } from './Sparkline.tsx';

const LOGS_AROUND_MS = 15 * 60_000;
const CHART_AROUND_MS = 30 * 60_000;

/** Everything about an alert, and where to go from it: its chart, the logs at that time, its rule. */
export function AlertDetail({
  alert,
  groups,
  onClose,
  onSilence,
}: {
  alert: Alert;
  groups: readonly RuleGroup[];
  onClose: () => void;
  /** Someone wants to silence it. */
  onSilence: () => void;
}) {
  const t = useText();
  const format = useFormat();
  const { language } = useLook();
  const condition = useMemo(() => readCondition(alert.expr), [alert.expr]);
  const rule = groups
    .flatMap(({ file, rules }) => rules.map((one) => ({ file, ...one })))
    .find(({ name, expr }) => name === alert.name && expr === alert.expr);
  const summary = annotationOf(alert, 'summary', language);
  const description = annotationOf(alert, 'description', language);
  const others = Object.entries(alert.annotations).filter(([name]) => !/^(?:summary|description)(?:_zh)?$/.test(name));
  const start = startOf(alert);
  const end = alert.resolvedAt ?? start + CHART_AROUND_MS;
  return (
    <SidePanel
      title={
        <span className={styles.title}>
          <StateMark state={alert.state === 'resolved' ? 'up' : markOf(alert.severity)} />
          {alert.name}
        </span>
      }
      onClose={onClose}
    >
      <p className={styles.state}>
        <b>{t(`alerts.state.${alert.state}`)}</b> · {t(`severity.${alert.severity}`)} · <RelativeTime at={start} />
      </p>
      {summary !== null && <p className={styles.summary}>{summary}</p>}
      {description !== null && <p className={styles.description}>{description}</p>}
      {condition !== null && (
        <div className={styles.chart}>
          <p>
            <ValueAgainstLimit value={decodeValue(alert.value)} condition={condition} />
            <span className="muted"> · {t('alerts.lastHour')}</span>
          </p>
          <Sparkline alert={alert} condition={condition} width={388} height={88} />
        </div>
      )}
      <AlertHandling alert={alert} onSilence={onSilence} />
      {alert.expr !== '' && <h3 className={styles.heading}>{t('alerts.condition')}</h3>}
      {condition !== null && (
        <p className={styles.condition}>
          <ConditionText condition={condition} forMs={rule?.forMs ?? 0} />
        </p>
      )}
      {alert.expr !== '' && (
        <pre className={styles.expr} tabIndex={0} role="region" aria-label={t('alerts.expression')}>
          {alert.expr}
        </pre>
      )}
      <p className={styles.links}>
        {alert.expr !== '' && (
          <Link
            to="/explore"
            search={
              {
                expr: condition?.subject ?? alert.expr,
                from: String(start - CHART_AROUND_MS),
                to: String(end),
              } as never
            }
          >
            {t('alerts.toMetrics')}
          </Link>
        )}
        <Link to="/logs" search={{ from: String(start - LOGS_AROUND_MS), to: String(start + LOGS_AROUND_MS) } as never}>
          {t('alerts.toLogs')}
        </Link>
        {rule !== undefined && (
          <Link to="/alerts" search={{ tab: 'rules', file: rule.file, line: rule.line }}>
            {t('alerts.toRule', { file: rule.file.split(/[\\/]/).at(-1) ?? rule.file, line: rule.line })}
          </Link>
        )}
        {alert.annotations['runbook_url'] !== undefined && /^https?:/.test(alert.annotations['runbook_url']) && (
          <a href={alert.annotations['runbook_url']} target="_blank" rel="noreferrer">
            {t('alerts.runbook')}
          </a>
        )}
      </p>
      <Facts title={t('alerts.labels')} facts={Object.entries(alert.labels)} />
      {others.length > 0 && <Facts title={t('alerts.annotations')} facts={others} />}
      <Facts
        title={t('alerts.times')}
        facts={[
          [t('alerts.activeAt'), format.dateTime(alert.activeAt)],
          [t('alerts.firedAt'), format.dateTime(alert.firedAt)],
          [t('alerts.resolvedAt'), format.dateTime(alert.resolvedAt)],
        ]}
      />
    </SidePanel>
  );
}

function Facts({ title, facts }: { title: string; facts: readonly (readonly [string, string])[] }) {
  return (
    <>
      <h3 className={styles.heading}>{title}</h3>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
