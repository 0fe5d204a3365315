import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { Page } from '../../app/Page.tsx';
import { useText } from '../../i18n/use-text.ts';
import { ActiveTab } from './ActiveTab.tsx';
import styles from './Alerts.module.css';
import { AuditTab } from './AuditTab.tsx';
import { DeliveriesTab } from './DeliveriesTab.tsx';
import { IncidentsTab } from './IncidentsTab.tsx';
import { NoiseTab } from './noise/NoiseTab.tsx';
import { alertsRoute } from './route.ts';
import { NewRule } from './rules/NewRule.tsx';
import { ReadyRules } from './rules/ReadyRules.tsx';
import { RulesTab } from './RulesTab.tsx';
import { SilencesTab } from './SilencesTab.tsx';

const TABS = [
  { tab: undefined, label: 'alerts.tabAlerts' },
  { tab: 'silences', label: 'alerts.tabSilences' },
  { tab: 'incidents', label: 'alerts.tabIncidents' },
  { tab: 'rules', label: 'alerts.tabRules' },
  { tab: 'deliveries', label: 'alerts.tabDeliveries' },
  { tab: 'audit', label: 'alerts.tabAudit' },
  { tab: 'noise', label: 'alerts.tabNoise' },
] as const;

/** What fires, the rules behind it, and whom it was told. */
export function AlertsPage() {
  const t = useText();
  const navigate = useNavigate();
  const { tab, file, q = '' } = useSearch({ from: alertsRoute.id });
  const shown = tab === 'new-rule' || tab === 'ready-rules' ? 'rules' : tab;
  const setWords = useCallback(
    (words: string) => {
      const q = words === '' ? undefined : words;
      void navigate({ to: '.', replace: true, search: (old: object) => ({ ...old, q }) as never });
    },
    [navigate],
  );
  return (
    <Page
      title={t('nav.alerts')}
      {...((shown === undefined || shown === 'rules' || shown === 'noise') &&
        tab !== 'new-rule' &&
        file === undefined && { search: { label: t('alerts.search'), value: q, onChange: setWords } })}
    >
      <nav className={styles.tabs} aria-label={t('alerts.tabs')}>
        {TABS.map(({ tab: to, label }) => (
          <Link
            key={label}
            to="/alerts"
            search={to === undefined ? {} : { tab: to }}
            className={styles.tab}
            activeProps={{}}
            aria-current={shown === to ? 'page' : undefined}
            data-active={shown === to}
          >
            {t(label)}
          </Link>
        ))}
      </nav>
      <div className={styles.content}>
        {tab === undefined && <ActiveTab />}
        {tab === 'silences' && <SilencesTab />}
        {tab === 'incidents' && <IncidentsTab />}
        {tab === 'audit' && <AuditTab />}
        {tab === 'rules' && <RulesTab />}
        {tab === 'deliveries' && <DeliveriesTab />}
        {tab === 'noise' && <NoiseTab />}
        {tab === 'new-rule' && <NewRule />}
        {tab === 'ready-rules' && <ReadyRules />}
      </div>
    </Page>
  );
}
