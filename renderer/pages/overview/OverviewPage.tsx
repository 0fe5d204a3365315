import { useQuery } from '@tanstack/react-query';
import { useApp } from '../../app/app-context.ts';
import { Page } from '../../app/Page.tsx';
import { useText } from '../../i18n/use-text.ts';
import { DiscoveryStrip } from './DiscoveryStrip.tsx';
import { FiringAlerts } from './FiringAlerts.tsx';
import { LogVolume } from './LogVolume.tsx';
import styles from './Overview.module.css';
import { OverallState } from './OverallState.tsx';
import { ServiceTiles } from './ServiceTiles.tsx';
import { ThisComputer } from './ThisComputer.tsx';

/** The first page: how everything is, worst first, and this computer, alive from the first second. */
export function OverviewPage() {
  const t = useText();
  const { api } = useApp();
  const services = useQuery(api.services.list.queryOptions());
  // Before anything is watched, this computer is what there is to see.
  const computerFirst = services.data?.length === 0;
  return (
    <Page title={t('nav.overview')}>
      <div className={styles.page}>
        <OverallState />
        <DiscoveryStrip />
        {computerFirst && <ThisComputer />}
        <div className={styles.top}>
          <div className={styles.left}>
            <FiringAlerts />
            <LogVolume />
          </div>
          <ServiceTiles services={services} />
        </div>
        {!computerFirst && <ThisComputer />}
      </div>
    </Page>
  );
}
