import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReadyRules as ReadyRuleSet } from '../../../../shared/contract/rules.ts';
import { errorText } from '../../../api/error-text.ts';
import { useApp } from '../../../app/app-context.ts';
import { useMayWrite } from '../../../app/use-status.ts';
import { useWrite } from '../../../app/use-write.ts';
import { useFormat } from '../../../format/use-format.ts';
import { useText } from '../../../i18n/use-text.ts';
import { Button } from '../../../ui/Button.tsx';
import { Chip } from '../../../ui/Chip.tsx';
import { ErrorNotice, Loading, Notice } from '../../../ui/Notice.tsx';
import { alertsRoute } from '../route.ts';
import tables from '../Tables.module.css';

type ReadyRule = ReadyRuleSet['rules'][number];

/** Rules that come with the program, for the exporters whose metrics are there; a click writes them into a rule file. */
export function ReadyRules() {
  const t = useText();
  const { api } = useApp();
  const { q = '' } = useSearch({ from: alertsRoute.id });
  const [all, setAll] = useState(false);
  const ready = useQuery(api.rules.ready.queryOptions());
  const words = q.toLowerCase();
  const shown = (ready.data ?? []).filter(({ found }) => all || found);
  return (
    <>
      <p className={tables.tools}>
        <Link to="/alerts" search={{ tab: 'rules' }}>
          ← {t('alerts.allRules')}
        </Link>
      </p>
      <div className={tables.tools}>
        <p className="muted">{t('rules.readyText')}</p>
        <Chip
          on={all}
          onToggle={() => {
            setAll(!all);
          }}
        >
          {t('rules.readyAll')}
        </Chip>
      </div>
      {ready.data === undefined && ready.error === null && <Loading />}
      {ready.error !== null && (
        <ErrorNotice title={t('rules.readyFailed')} error={ready.error} onRetry={() => void ready.refetch()} />
      )}
      {ready.data !== undefined && shown.length === 0 && (
        <Notice title={t('rules.readyNone')}>{t('rules.readyNoneText')}</Notice>
      )}
      {shown.map((set) => (
        <RuleSet key={set.exporter} set={set} words={words} />
      ))}
    </>
  );
}

function RuleSet({ set, words }: { set: ReadyRuleSet; words: string }) {
  const t = useText();
  const { api, client, toasts } = useApp();
  const queries = useQueryClient();
  const mayWrite = useMayWrite();
  const rules = set.rules.filter(({ name, expr, annotations }) =>
    `${name}\n${expr}\n${Object.values(annotations).join('\n')}`.toLowerCase().includes(words),
  );
  const add = useWrite(
    async (chosen: readonly ReadyRule[]) =>
      client.rules.add({
        rules: chosen.map(({ name, expr, forMs, keepFiringForMs, labels, annotations }) => {
          return { name, expr, forMs, keepFiringForMs, labels, annotations };
        }),
        group: set.exporter,
        file: null,
      }),
    {
      done: ({ file }) => t('rules.saved', { path: file }),
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: api.rules.ready.key() });
        void queries.invalidateQueries({ queryKey: api.alerts.rules.key() });
      },
      onError: (error) => {
        toasts.show({ tone: 'bad', text: errorText(error, t) });
      },
    },
  );
  const missing = set.rules.filter(({ isUsed }) => !isUsed);
  if (rules.length === 0) return null;
  return (
    <section className={tables.group}>
      <header className={tables.header}>
        <h2>{set.title}</h2>
        <span className="muted">{t(set.found ? 'rules.found' : 'rules.notFound')}</span>
        <span className={tables.space} />
        <Button
          disabled={missing.length === 0 || add.isPending || mayWrite === false}
          title={mayWrite === false ? t('error.unauthorized') : undefined}
          aria-label={t('rules.addAllOf', { title: set.title })}
          onClick={() => {
            add.mutate(missing);
          }}
        >
          {t('rules.addAll', { count: missing.length })}
        </Button>
      </header>
      <div className={tables.box} tabIndex={0} role="region" aria-label={t('rules.readyOf', { title: set.title })}>
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">{t('alerts.rule')}</th>
              <th scope="col">{t('alerts.condition')}</th>
              <th scope="col">{t('rules.add')}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <ReadyRow
                key={rule.name}
                rule={rule}
                busy={add.isPending || mayWrite === false}
                onAdd={() => {
                  add.mutate([rule]);
                }}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ReadyRow({ rule, busy, onAdd }: { rule: ReadyRule; busy: boolean; onAdd: () => void }) {
  const t = useText();
  const format = useFormat();
  const { name, expr, forMs, severity, isUsed, hasMetrics, annotations } = rule;
  const summary = format.locale.startsWith('zh') ? annotations['summary_zh'] : annotations['summary'];
  return (
    <tr>
      <td>
        <b>{name}</b>
        <span className={tables.severity}>{t(`severity.${severity}`)}</span>
      </td>
      <td className={tables.wide}>
        {summary !== undefined && <div>{withoutTemplates(summary)}</div>}
        <code>{expr}</code>
        {forMs > 0 && ` ${t('alerts.for', { time: format.duration(forMs) })}`}
        {!hasMetrics && <p className="muted">{t('rules.noMetrics')}</p>}
      </td>
      <td>
        {isUsed ? (
          <span className="muted">{t('rules.used')}</span>
        ) : (
          <Button disabled={busy} aria-label={t('rules.addOne', { name })} onClick={onAdd}>
            {t('rules.add')}
          </Button>
        )}
      </td>
    </tr>
  );
}

/** A text for reading before there is an alert: `{{ $labels.instance }}` becomes `‹instance›`. */
function withoutTemplates(text: string): string {
  return text.replace(/\{\{[^}]*?(?:\$labels\.(\w+)|\$(value))[^}]*\}\}/g, (_, label?: string, value?: string) => {
    return `‹${label ?? value ?? ''}›`;
  });
}
