import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Alert } from '../../../shared/contract/alerts.ts';
import { useApp } from '../../app/app-context.ts';
import { SidePanel } from '../../app/SidePanel.tsx';
import { useMayWrite } from '../../app/use-status.ts';
import { DAY_MS } from '../../format/time.ts';
import { useFormat } from '../../format/use-format.ts';
import type { MessageKey } from '../../i18n/en.ts';
import { useText } from '../../i18n/use-text.ts';
import { useShortcuts } from '../../keys/use-shortcuts.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice, Loading, Notice } from '../../ui/Notice.tsx';
import { useNow } from '../../ui/RelativeTime.tsx';
import { byUrgency, matchesWords, sharedLabels, startOf } from './alert-facts.ts';
import { AlertDetail } from './AlertDetail.tsx';
import { AlertRow } from './AlertRow.tsx';
import styles from './Alerts.module.css';
import { alertsRoute } from './route.ts';
import { draftOf, SilenceDialog, type SilenceDraft } from './SilenceDialog.tsx';
import { SNOOZE_MS, useAlertActions } from './use-alert-actions.ts';

const NUMBERED = 9;

/** What fires, what is about to, and what was over within the last day. */
export function ActiveTab() {
  const t = useText();
  const format = useFormat();
  const mayWrite = useMayWrite();
  const { api } = useApp();
  const navigate = useNavigate();
  const { alert: openId, q = '' } = useSearch({ from: alertsRoute.id });
  const active = useQuery(api.alerts.active.queryOptions());
  const now = Math.floor(useNow(30_000) / 60_000) * 60_000 + 60_000;
  const history = useQuery(
    api.alerts.history.queryOptions({
      input: { from: now - DAY_MS, to: now, limit: 500 },
      placeholderData: (previous) => previous,
    }),
  );
  const rules = useQuery(api.alerts.rules.queryOptions());
  const [selected, setSelected] = useState<string | null>(null);
  /** Ids of alerts chosen with `x`. */
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [silencing, setSilencing] = useState<SilenceDraft | null>(null);
  const { acknowledge, unacknowledge, snooze } = useAlertActions();
  const wanted = (alerts: readonly Alert[] | undefined): readonly Alert[] =>
    (alerts ?? []).filter((alert) => matchesWords(alert, q));
  const shown = wanted(active.data);
  const firing = shown.filter(({ state }) => state === 'firing').toSorted(byUrgency);
  const pending = shown.filter(({ state }) => state === 'pending').toSorted(byUrgency);
  const resolved = wanted(history.data)
    .filter(({ state }) => state === 'resolved')
    .toSorted((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0));
  const all = [...firing, ...pending, ...resolved];
  const keyOf = (alert: Alert): string => `${alert.id} ${String(startOf(alert))}`;
  const open = (id: string | undefined): void => {
    void navigate({ to: '/alerts', search: (old: object) => ({ ...old, alert: id }) as never });
  };
  const move = (step: number): void => {
    const at = all.findIndex((alert) => keyOf(alert) === selected);
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    if (next === undefined) return;
    setSelected(keyOf(next));
    document.getElementById('content')?.querySelector('[data-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    if (openId !== undefined) open(next.id);
  };
  /** What a key acts on: the chosen alerts, else the one that is open or under the bar. */
  const meant = (): readonly Alert[] => {
    const chosen = firing.filter(({ id }) => marked.has(id));
    if (chosen.length > 0) return chosen;
    return firing
      .filter((alert) => (openId === undefined ? keyOf(alert) === selected : alert.id === openId))
      .slice(0, 1);
  };
  const toggleAcknowledged = (): void => {
    const alerts = meant();
    const open = alerts.filter(({ handling }) => (handling?.acknowledged ?? null) === null).map(({ id }) => id);
    if (open.length > 0) acknowledge.mutate({ ids: open, note: '' });
    else unacknowledge.mutate(alerts.map(({ id }) => id));
    setMarked(new Set());
  };
  const silence = (): void => {
    setSilencing(draftOf(sharedLabels(meant())));
  };
  useShortcuts([
    {
      id: 'alerts.acknowledge',
      keys: 'a',
      label: 'keys.acknowledge',
      group: 'keys.groupPage',
      when: () => meant().length > 0 && mayWrite !== false,
      run: toggleAcknowledged,
    },
    {
      id: 'alerts.silence',
      keys: 's',
      label: 'keys.silence',
      group: 'keys.groupPage',
      when: () => meant().length > 0 && mayWrite !== false,
      run: silence,
    },
    {
      id: 'alerts.mark',
      keys: 'x',
      label: 'keys.mark',
      group: 'keys.groupList',
      when: () => firing.some((alert) => keyOf(alert) === selected),
      run: () => {
        const id = firing.find((alert) => keyOf(alert) === selected)?.id ?? '';
        const next = new Set(marked);
        if (!next.delete(id)) next.add(id);
        setMarked(next);
      },
    },
    ...Array.from({ length: NUMBERED }, (_, index) => ({
      id: `alerts.${String(index + 1)}`,
      keys: String(index + 1),
      label: 'keys.openFiring' as const,
      group: 'keys.groupList' as const,
      when: () => firing[index] !== undefined,
      run: () => {
        open(firing[index]?.id);
      },
    })),
    ...(['j', 'down', 'k', 'up'] as const).map((keys) => ({
      id: `alerts.${keys}`,
      keys,
      label: keys === 'j' || keys === 'down' ? ('keys.next' as const) : ('keys.previous' as const),
      group: 'keys.groupList' as const,
      run: () => {
        move(keys === 'j' || keys === 'down' ? 1 : -1);
      },
    })),
    {
      id: 'alerts.open',
      keys: 'enter',
      label: 'keys.open',
      group: 'keys.groupList',
      when: () => selected !== null,
      run: () => {
        open(all.find((alert) => keyOf(alert) === selected)?.id);
      },
    },
  ]);
  if (active.data === undefined) {
    return active.error === null ? (
      <Loading />
    ) : (
      <ErrorNotice title={t('alerts.failed')} error={active.error} onRetry={() => void active.refetch()} />
    );
  }
  const opened = openId === undefined ? undefined : all.find(({ id }) => id === openId);
  const isKnown = opened !== undefined || [...active.data, ...(history.data ?? [])].some(({ id }) => id === openId);
  const section = (title: MessageKey, alerts: readonly Alert[], numbered: boolean) => (
    <AlertSection title={title} count={alerts.length}>
      {alerts.map((alert, index) => (
        <AlertRow
          key={keyOf(alert)}
          alert={alert}
          number={numbered && index < NUMBERED ? index + 1 : null}
          isSelected={keyOf(alert) === selected}
          isOpen={alert.id === openId}
          isMarked={alert.state === 'firing' && marked.has(alert.id)}
        />
      ))}
    </AlertSection>
  );
  return (
    <>
      {all.length === 0 && q !== '' && <Notice title={t('alerts.nothing')}>{t('alerts.nothingText', { q })}</Notice>}
      {firing.length === 0 && q === '' && (
        <Calm rules={rules.data?.reduce((sum, { rules }) => sum + rules.length, 0)} />
      )}
      {marked.size > 0 && (
        <div className={styles.marked} role="group" aria-label={t('alerts.markedCount', { count: marked.size })}>
          <span>{t('alerts.markedCount', { count: marked.size })}</span>
          <Button look="primary" disabled={mayWrite === false} onClick={toggleAcknowledged}>
            {t('alerts.acknowledge')} <kbd>A</kbd>
          </Button>
          <Button
            disabled={mayWrite === false}
            onClick={() => {
              snooze.mutate(meant().map(({ id }) => id));
              setMarked(new Set());
            }}
          >
            {t('alerts.snooze', { time: format.duration(SNOOZE_MS) })}
          </Button>
          <Button disabled={mayWrite === false} onClick={silence}>
            {t('alerts.silence')} <kbd>S</kbd>
          </Button>
        </div>
      )}
      {firing.length > 0 && section('alerts.firing', firing, true)}
      {pending.length > 0 && section('alerts.pending', pending, false)}
      {resolved.length > 0 && section('alerts.resolved', resolved, false)}
      {history.error !== null && <ErrorNotice title={t('alerts.historyFailed')} error={history.error} />}
      {opened !== undefined && (
        <AlertDetail
          key={keyOf(opened)}
          alert={opened}
          groups={rules.data ?? []}
          onSilence={() => {
            setSilencing(draftOf(opened.labels));
          }}
          onClose={() => {
            open(undefined);
          }}
        />
      )}
      {silencing !== null && (
        <SilenceDialog
          draft={silencing}
          onClose={() => {
            setSilencing(null);
          }}
        />
      )}
      {openId !== undefined && !isKnown && history.data !== undefined && (
        <SidePanel
          title={t('alerts.gone')}
          onClose={() => {
            open(undefined);
          }}
        >
          <p className="muted">{t('alerts.goneText')}</p>
        </SidePanel>
      )}
    </>
  );
}

function AlertSection({ title, count, children }: { title: MessageKey; count: number; children: React.ReactNode }) {
  const t = useText();
  const format = useFormat();
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>
        {t(title)} <span className={styles.count}>{format.count(count)}</span>
      </h2>
      <ul className={styles.list}>{children}</ul>
    </section>
  );
}

/** Nothing fires: says what is watched over, so that silence can be trusted. */
function Calm({ rules }: { rules: number | undefined }) {
  const t = useText();
  if (rules === undefined) return null;
  return rules === 0 ? (
    <Notice title={t('alerts.noRules')}>{t('alerts.noRulesText')}</Notice>
  ) : (
    <div className={styles.calm}>
      <Notice title={t('alerts.calm')}>{t('alerts.calmText', { count: rules })}</Notice>
    </div>
  );
}
