import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { Page } from '../../app/Page.tsx';
import { useText } from '../../i18n/use-text.ts';
import { ActiveTab } from './ActiveTab.tsx';
import styles from './Alerts.module.css';
import { AuditTab } from './AuditTab.tsx';
import { DeliveriesTab } from './DeliveriesTab.tsx';
import { IncidentsTab } from './IncidentsTab.tsx';
import { alertsRoute } from './route.ts';
import { RulesTab } from './RulesTab.tsx';
import { SilencesTab } from './SilencesTab.tsx';

const TABS = [
  { tab: undefined, label: 'alerts.tabAlerts' },
  { tab: 'silences', label: 'alerts.tabSilences' },
  { tab: 'incidents', label: 'alerts.tabIncidents' },
  { tab: 'rules', label: 'alerts.tabRules' },
  { tab: 'deliveries', label: 'alerts.tabDeliveries' },
  { tab: 'audit', label: 'alerts.tabAudit' },
] as const;

/** What fires, the rules behind it, and whom it was told. */
export function AlertsPage() {
  const t = useText();
  const navigate = useNavigate();
  const { tab, file, q = '' } = useSearch({ from: alertsRoute.id });
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
      {...((tab === undefined || tab === 'rules') &&
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
            aria-current={tab === to ? 'page' : undefined}
            data-active={tab === to}
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
      </div>
    </Page>
  );
}
