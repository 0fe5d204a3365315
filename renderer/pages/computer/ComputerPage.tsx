import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApp } from '../../app/app-context.ts';
import { Page } from '../../app/Page.tsx';
import { useStatus } from '../../app/use-status.ts';
import { ExpressionChart } from '../../chart/ExpressionChart.tsx';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { ThisComputer } from '../overview/ThisComputer.tsx';
import styles from './Computer.module.css';
import { ContainersPanel } from './ContainersPanel.tsx';
import { FilesystemsPanel } from './FilesystemsPanel.tsx';
import { GpusPanel, TemperaturesPanel } from './HardwarePanels.tsx';
import { ProcessesPanel } from './ProcessesPanel.tsx';

const HEIGHT = 110;

/** This machine in full: what it waits for, who uses it, and what it is about to run out of. */
export function ComputerPage() {
  const t = useText();
  const { api } = useApp();
  const hardware = useQuery(api.host.hardware.queryOptions({ refetchInterval: 15_000 })).data;
  return (
    <Page title={t('nav.computer')}>
      <div className={styles.page}>
        <ThisComputer />
        <PressurePanel />
        <ProcessesPanel />
        <div className={styles.pair}>
          <FilesystemsPanel />
          <ContainersPanel />
        </div>
        {hardware !== undefined && hardware.gpus.length + hardware.temperatures.length > 0 && (
          <div className={styles.pair}>
            {hardware.gpus.length > 0 && <GpusPanel gpus={hardware.gpus} />}
            {hardware.temperatures.length > 0 && <TemperaturesPanel temperatures={hardware.temperatures} />}
          </div>
        )}
      </div>
    </Page>
  );
}

/** What tasks wait for, how many want to run, and whom the machine talks to. */
function PressurePanel() {
  const t = useText();
  const knownFrom = useStatus().data?.store.oldestSampleAt ?? null;
  const expressions = useMemo(() => {
    const waits = (resource: string) => `rate(node_pressure_${resource}_waiting_seconds_total{job="host"}[1m])`;
    return {
      pressure: [
        { expr: waits('cpu'), name: t('computer.waitsCpu') },
        { expr: waits('memory'), name: t('computer.waitsMemory') },
        { expr: waits('io'), name: t('computer.waitsIo') },
      ],
      load: [
        { expr: 'node_load1{job="host"}', name: t('computer.load1') },
        { expr: 'node_load15{job="host"}', name: t('computer.load15') },
      ],
      connections: [
        { expr: 'node_netstat_Tcp_CurrEstab{job="host"}', name: t('computer.established') },
        { expr: 'node_sockstat_TCP_tw{job="host"}', name: t('computer.timeWait') },
        { expr: 'node_sockstat_UDP_inuse{job="host"}', name: t('computer.udp') },
      ],
    };
  }, [t]);
  return (
    <Panel title={t('computer.pressure')} actions={<span className="muted">{t('computer.pressureText')}</span>}>
      <div className={styles.charts}>
        <ExpressionChart
          title={t('computer.pressure')}
          expressions={expressions.pressure}
          unit="ratio"
          height={HEIGHT}
          knownFrom={knownFrom}
        />
        <ExpressionChart
          title={t('computer.load')}
          expressions={expressions.load}
          unit="none"
          height={HEIGHT}
          knownFrom={knownFrom}
        />
        <ExpressionChart
          title={t('computer.connections')}
          expressions={expressions.connections}
          unit="none"
          height={HEIGHT}
          knownFrom={knownFrom}
        />
      </div>
    </Panel>
  );
}
