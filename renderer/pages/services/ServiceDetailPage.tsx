import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import type { ServiceDetail } from '../../../shared/contract/services.ts';
import { useApp } from '../../app/app-context.ts';
import { Page } from '../../app/Page.tsx';
import { ExpressionChart } from '../../chart/ExpressionChart.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { HeartbeatBar } from '../../ui/HeartbeatBar.tsx';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { StateMark, stateWord } from '../../ui/StateMark.tsx';
import { CertificatePanel } from './CertificatePanel.tsx';
import { ChangesPanel } from './ChangesPanel.tsx';
import { Circumstances } from './Circumstances.tsx';
import { ComponentsPanel } from './ComponentsPanel.tsx';
import { DetailsPanel } from './DetailsPanel.tsx';
import styles from './ServiceDetail.module.css';
import { HistoryPanel } from './HistoryPanel.tsx';
import { LabelsPanel } from './LabelsPanel.tsx';
import { MaintenanceButton } from './MaintenanceButton.tsx';
import { OutagesPanel } from './OutagesPanel.tsx';
import { UptimePanel } from './UptimePanel.tsx';
import { useCheckNow } from './use-check-now.ts';
import { WhyPanel } from './WhyPanel.tsx';

/** One service: how it is, since when and why, its latency over time, and what is known about it. */
export function ServiceDetailPage() {
  const t = useText();
  const { api } = useApp();
  const { id } = useSearch({ from: '/services/detail' });
  const { data, error, refetch } = useQuery(api.services.get.queryOptions({ input: { id } }));
  return (
    <Page title={data?.name ?? id} parent={<Link to="/services">{t('nav.services')}</Link>}>
      {data === undefined && error === null && <Loading />}
      {data === undefined && error !== null && (
        <ErrorNotice title={t('services.detailFailed')} error={error} onRetry={() => void refetch()} />
      )}
      {data !== undefined && <Detail service={data} />}
    </Page>
  );
}

function Detail({ service }: { service: ServiceDetail }) {
  const t = useText();
  const { kind, selector, state } = service;
  const expressions = useMemo(
    () => [
      {
        expr: `${kind === 'target' ? 'scrape_duration_seconds' : 'probe_duration_seconds'}${selector}`,
        name: t('services.latency'),
      },
    ],
    [kind, selector, t],
  );
  const marks = useMemo(
    () =>
      service.history
        .filter((beat) => beat.state === 'down' || beat.state === 'degraded')
        .map((beat) => ({
          at: beat.at,
          text: beat.message ?? t(stateWord(beat.state)),
          tone: beat.state === 'down' ? ('bad' as const) : ('warn' as const),
        })),
    [service.history, t],
  );
  return (
    <div className={styles.page}>
      <Header service={service} />
      {(state === 'down' || state === 'degraded') && <WhyPanel service={service} />}
      <Panel title={t('services.latencyOverTime')}>
        <div className={styles.chart}>
          <ExpressionChart
            title={t('services.latency')}
            expressions={expressions}
            unit="seconds"
            height={200}
            marks={marks}
            legend={false}
          />
        </div>
      </Panel>
      {service.record !== null && (
        <div className={`${styles.split ?? ''} ${styles.record ?? ''}`}>
          <UptimePanel uptimes={service.record.uptimes} />
          <OutagesPanel outages={service.record.outages} />
        </div>
      )}
      <div className={styles.split}>
        <ChangesPanel changes={service.changes} />
        <HistoryPanel history={service.history} />
      </div>
      <div className={styles.columns}>
        {service.certificate !== null && <CertificatePanel certificate={service.certificate} />}
        {service.probe !== null && <DetailsPanel probe={service.probe} details={service.details} />}
        {service.components.length > 0 && <ComponentsPanel components={service.components} />}
        {service.discoveredLabels !== null && (
          <LabelsPanel discovered={service.discoveredLabels} labels={service.labels} />
        )}
        <Panel title={t('services.config')}>
          <pre className={styles.config} tabIndex={0}>
            {service.config}
          </pre>
        </Panel>
      </div>
    </div>
  );
}

function Header({ service }: { service: ServiceDetail }) {
  const t = useText();
  const format = useFormat();
  const checkNow = useCheckNow(service);
  const { state, since, address, message, lastCheckedAt, intervalMs, uptime24h, latencyMs, samplesScraped, labels } =
    service;
  return (
    <header className={styles.header}>
      <div className={styles.headline}>
        <span className={styles.state}>
          <StateMark state={state} size={16} word />
        </span>
        {since !== null && (
          <span className="muted">
            {t('services.sinceLabel')} <RelativeTime at={since} />
          </span>
        )}
        {message !== null && <span className={styles.message}>{message}</span>}
        <span className={styles.actions}>
          {service.kind === 'check' && <MaintenanceButton service={service} />}
          <Button
            icon={<RefreshCw size={14} aria-hidden="true" />}
            disabled={checkNow.isPending}
            onClick={() => {
              checkNow.mutate(undefined);
            }}
          >
            {t('services.checkNowShort')}
          </Button>
        </span>
      </div>
      <dl className={styles.facts}>
        <Fact name={t('services.address')}>{address}</Fact>
        <Fact name={t('services.uptime')}>{format.ratio(uptime24h)}</Fact>
        <Fact name={t('services.latency')}>{format.duration(latencyMs)}</Fact>
        <Fact name={t('services.checkedAt')}>
          <RelativeTime at={lastCheckedAt} />
        </Fact>
        <Fact name={t('services.interval')}>{format.duration(intervalMs)}</Fact>
        {samplesScraped !== null && <Fact name={t('services.samples')}>{format.count(samplesScraped)}</Fact>}
        {Object.entries(labels).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
      <HeartbeatBar beats={service.beats} wide />
      <Circumstances service={service} />
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
