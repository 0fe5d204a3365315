import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { NoiseProposal, NoiseReport } from '../../../../shared/contract/rules.ts';
import { durationText } from '../../../../shared/rule-kinds/promql-text.ts';
import { useApp } from '../../../app/app-context.ts';
import { useFormat, type Format } from '../../../format/use-format.ts';
import { useText, type Translate } from '../../../i18n/use-text.ts';
import { ErrorNotice, Loading, Notice } from '../../../ui/Notice.tsx';
import { Select } from '../../../ui/Select.tsx';
import { useNow } from '../../../ui/RelativeTime.tsx';
import { alertsRoute } from '../route.ts';
import styles from '../rules/Rules.module.css';
import tables from '../Tables.module.css';

type NoisyRule = NoiseReport['rules'][number];

const DAY_MS = 86_400_000;
const SPANS = ['1', '7', '30'] as const;

/** Which rules cost more attention than they are worth, and what could be changed about each. */
export function NoiseTab() {
  const t = useText();
  const format = useFormat();
  const { api } = useApp();
  const { q = '' } = useSearch({ from: alertsRoute.id });
  const [days, setDays] = useState<(typeof SPANS)[number]>('7');
  // A report of days need not be asked for again at each minute.
  const now = Math.floor(useNow(60_000) / 600_000) * 600_000 + 600_000;
  const report = useQuery(
    api.rules.noise.queryOptions({
      input: { from: now - Number(days) * DAY_MS, to: now },
      placeholderData: (previous) => previous,
      staleTime: 60_000,
    }),
  );
  const rules = (report.data?.rules ?? []).filter((rule) =>
    `${rule.name}\n${rule.expr}`.toLowerCase().includes(q.toLowerCase()),
  );
  const noisy = rules.filter(({ reasons }) => reasons.length > 0);
  return (
    <>
      <div className={tables.tools}>
        <p className="muted">{t('noise.text')}</p>
        <Select
          label={t('noise.span')}
          value={days}
          options={SPANS.map((value) => ({ value, text: t('noise.days', { count: Number(value) }) }))}
          onChange={setDays}
        />
      </div>
      {report.data === undefined && report.error === null && <Loading label={t('noise.loading')} />}
      {report.error !== null && (
        <ErrorNotice title={t('noise.failed')} error={report.error} onRetry={() => void report.refetch()} />
      )}
      {report.data !== undefined && (
        <p role="status">
          {t('noise.total', {
            fired: report.data.fired,
            rules: report.data.rules.length,
            noisy: report.data.rules.filter(({ reasons }) => reasons.length > 0).length,
          })}
          {report.data.truncated && ` ${t('noise.truncated')}`}
        </p>
      )}
      {report.data !== undefined && noisy.length === 0 && (
        <Notice title={t('noise.calm')}>{t('noise.calmText')}</Notice>
      )}
      {rules.length > 0 && (
        <div className={tables.box} tabIndex={0} role="region" aria-label={t('noise.table')}>
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">{t('alerts.rule')}</th>
                <th scope="col" className={tables.number}>
                  {t('noise.fired')}
                </th>
                <th scope="col" className={tables.number}>
                  {t('noise.short')}
                </th>
                <th scope="col" className={tables.number}>
                  {t('noise.flaps')}
                </th>
                <th scope="col" className={tables.number}>
                  {t('noise.median')}
                </th>
                <th scope="col" className={tables.number}>
                  {t('noise.acknowledged')}
                </th>
                <th scope="col">{t('noise.why')}</th>
                <th scope="col">{t('noise.proposals')}</th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => (
                <Row key={rule.ruleId} rule={rule} t={t} format={format} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Row({ rule, t, format }: { rule: NoisyRule; t: Translate; format: Format }) {
  return (
    <tr>
      <td>
        <Link to="/alerts" search={{ tab: 'rules', file: rule.file, line: rule.line }}>
          {rule.name}
        </Link>
        <span className={tables.severity}>{t(`severity.${rule.severity}`)}</span>
      </td>
      <td className={tables.number}>{format.count(rule.fired)}</td>
      <td className={tables.number}>{format.count(rule.endedSoon)}</td>
      <td className={tables.number}>{format.count(rule.flaps)}</td>
      <td className={tables.number}>{format.duration(rule.medianMs)}</td>
      <td className={tables.number}>{format.count(rule.acknowledged)}</td>
      <td className={tables.wide}>
        {rule.reasons.length === 0 ? '—' : rule.reasons.map((reason) => t(`noise.reason.${reason}`)).join(' · ')}
      </td>
      <td className={tables.wide}>
        {rule.proposals.length === 0 ? (
          '—'
        ) : (
          <ul className={styles.proposals}>
            {rule.proposals.map((proposal, index) => (
              <li key={index}>
                {proposalText(proposal, t, format)}{' '}
                {proposal.kind === 'for' && <TryLink rule={rule} forMs={proposal.ms} />}
              </li>
            ))}
          </ul>
        )}
      </td>
    </tr>
  );
}

/** The rule with the proposal in the editor, where it can be tried over the last week. */
function TryLink({ rule, forMs }: { rule: NoisyRule; forMs: number }) {
  const t = useText();
  return (
    <Link to="/alerts" search={{ tab: 'new-rule', name: rule.name, expr: rule.expr, forMs }}>
      {t('noise.try', { name: rule.name })}
    </Link>
  );
}

function proposalText(proposal: NoiseProposal, t: Translate, format: Format): string {
  switch (proposal.kind) {
    case 'for':
      return t('noise.proposal.for', { time: durationText(proposal.ms), left: proposal.left });
    case 'keepFiringFor':
      return t('noise.proposal.keepFiringFor', { time: durationText(proposal.ms), left: proposal.left });
    case 'limit':
      return t('noise.proposal.limit', { limit: format.number(proposal.limit), left: proposal.left });
    case 'severity':
      return t('noise.proposal.severity', { severity: t(`severity.${proposal.severity}`) });
    case 'group':
      return t('noise.proposal.group', { by: proposal.by.join(', ') });
    case 'silence':
      return t('noise.proposal.silence', {
        labels: Object.entries(proposal.labels)
          .filter(([name]) => name !== 'alertname' && name !== 'severity')
          .map(([name, value]) => `${name}="${value}"`)
          .join(', '),
        left: proposal.left,
      });
  }
}
