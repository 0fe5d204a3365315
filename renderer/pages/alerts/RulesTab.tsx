import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { FilePen } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import type { Rule, RuleGroup } from '../../../shared/contract/alerts.ts';
import { useApp } from '../../app/app-context.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { ErrorNotice, Loading, Notice } from '../../ui/Notice.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { StateMark, type Mark } from '../../ui/StateMark.tsx';
import { readCondition } from './condition.ts';
import { ConditionText } from './ConditionText.tsx';
import { alertsRoute } from './route.ts';
import { RuleTools } from './rules/RuleTools.tsx';
import styles from './Tables.module.css';

const ConfigEditor = lazy(async () =>
  import('../settings/ConfigEditor.tsx').then(({ ConfigEditor: component }) => ({ default: component })),
);

const STATE_MARKS: Readonly<Record<Rule['state'], Mark>> = { firing: 'critical', pending: 'warning', inactive: 'up' };
const HEALTH_MARKS: Readonly<Record<Rule['health'], Mark>> = { ok: 'up', err: 'down', unknown: 'unknown' };

/** The rules as they run, group by group; a file opens for editing. */
export function RulesTab() {
  const t = useText();
  const { api } = useApp();
  const { file, q = '' } = useSearch({ from: alertsRoute.id });
  const groups = useQuery(api.alerts.rules.queryOptions({ refetchInterval: 15_000 }));
  if (file !== undefined) return <RuleFile path={file} />;
  if (groups.data === undefined) {
    return groups.error === null ? (
      <Loading />
    ) : (
      <ErrorNotice title={t('alerts.rulesFailed')} error={groups.error} onRetry={() => void groups.refetch()} />
    );
  }
  if (groups.data.length === 0) {
    return (
      <>
        <RuleTools />
        <Notice title={t('alerts.noRules')}>{t('alerts.noRulesText')}</Notice>
      </>
    );
  }
  return (
    <>
      <RuleTools />
      {groups.data.map((group) => (
        <Group key={`${group.file} ${group.name}`} group={group} words={q.toLowerCase()} />
      ))}
    </>
  );
}

function Group({ group, words }: { group: RuleGroup; words: string }) {
  const t = useText();
  const format = useFormat();
  const rules = group.rules.filter(({ name, expr }) => `${name}\n${expr}`.toLowerCase().includes(words));
  if (rules.length === 0) return null;
  return (
    <section className={styles.group}>
      <header className={styles.header}>
        <h2>{group.name}</h2>
        <span className="muted">{t('alerts.every', { time: format.duration(group.intervalMs) })}</span>
        <span className={styles.space} />
        <Link to="/alerts" search={{ tab: 'rules', file: group.file }} className={styles.file}>
          <FilePen size={13} aria-hidden="true" />
          {group.file}
        </Link>
      </header>
      <div className={styles.box} tabIndex={0} role="region" aria-label={t('alerts.rulesOf', { group: group.name })}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('alerts.state')}</th>
              <th scope="col">{t('alerts.rule')}</th>
              <th scope="col">{t('alerts.condition')}</th>
              <th scope="col">{t('alerts.health')}</th>
              <th scope="col" className={styles.number}>
                {t('alerts.took')}
              </th>
              <th scope="col">{t('alerts.evaluated')}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <RuleRow key={rule.id} rule={rule} file={group.file} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function RuleRow({ rule, file }: { rule: Rule; file: string }) {
  const t = useText();
  const format = useFormat();
  const condition = useMemo(() => (rule.kind === 'alerting' ? readCondition(rule.expr) : null), [rule.kind, rule.expr]);
  return (
    <tr>
      <td>
        {rule.kind === 'alerting' ? (
          <span className={styles.outcome}>
            <span aria-hidden="true">
              <StateMark state={STATE_MARKS[rule.state]} />
            </span>{' '}
            {t(`alerts.rule.${rule.state}`)}
          </span>
        ) : (
          <span className="muted">{t('alerts.recording')}</span>
        )}
      </td>
      <td>
        <Link to="/alerts" search={{ tab: 'rules', file, line: rule.line }}>
          {rule.name}
        </Link>
        {rule.labels['severity'] !== undefined && <span className={styles.severity}>{rule.labels['severity']}</span>}
      </td>
      <td className={styles.wide}>
        {condition === null ? (
          <>
            <code>{rule.expr}</code>
            {rule.forMs > 0 && ` ${t('alerts.for', { time: format.duration(rule.forMs) })}`}
          </>
        ) : (
          <ConditionText condition={condition} forMs={rule.forMs} />
        )}
        {rule.lastError !== null && <p className={styles.problem}>{rule.lastError}</p>}
      </td>
      <td>
        <span className={styles.outcome}>
          <span aria-hidden="true">
            <StateMark state={HEALTH_MARKS[rule.health]} />
          </span>{' '}
          {t(`alerts.health.${rule.health}`)}
        </span>
      </td>
      <td className={styles.number}>{format.duration(rule.evaluationMs)}</td>
      <td>
        <RelativeTime at={rule.lastEvaluatedAt} />
      </td>
    </tr>
  );
}

function RuleFile({ path }: { path: string }) {
  const t = useText();
  const { api } = useApp();
  const { line } = useSearch({ from: alertsRoute.id });
  const files = useQuery(api.config.files.queryOptions());
  const file = files.data?.find((one) => one.path === path);
  return (
    <section className={styles.editing}>
      <header className={styles.header}>
        <Link to="/alerts" search={{ tab: 'rules' }}>
          ← {t('alerts.allRules')}
        </Link>
        <h2 className="truncate">{path}</h2>
      </header>
      {files.data === undefined && files.error === null && <Loading />}
      {files.error !== null && (
        <ErrorNotice title={t('alerts.filesFailed')} error={files.error} onRetry={() => void files.refetch()} />
      )}
      {files.data !== undefined && file === undefined && (
        <Notice title={t('alerts.noFile')}>{t('alerts.noFileText')}</Notice>
      )}
      {file !== undefined && (
        <Suspense fallback={<Loading />}>
          <ConfigEditor key={path} path={path} writable={file.writable} {...(line !== undefined && { line })} />
        </Suspense>
      )}
    </section>
  );
}
