import { useMemo, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useApp } from '../../app/app-context.ts';
import { useStatus } from '../../app/use-status.ts';
import { ExpressionChart } from '../../chart/ExpressionChart.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import styles from './Overview.module.css';

const HEIGHT = 132;

const CPU = '1 - avg(rate(node_cpu_seconds_total{job="host",mode="idle"}[1m]))';
// Linux and macOS name their memory differently, as node_exporter does.
const MEMORY =
  '(1 - node_memory_MemAvailable_bytes{job="host"} / node_memory_MemTotal_bytes{job="host"})' +
  ' or (node_memory_active_bytes{job="host"} / node_memory_total_bytes{job="host"})';
const DISK_READ = 'sum(rate(node_disk_read_bytes_total{job="host"}[1m]))';
const DISK_WRITE = 'sum(rate(node_disk_written_bytes_total{job="host"}[1m]))';
const RECEIVE = 'sum(rate(node_network_receive_bytes_total{job="host",device!="lo"}[1m]))';
const TRANSMIT = 'sum(rate(node_network_transmit_bytes_total{job="host",device!="lo"}[1m]))';

/** This machine: CPU, memory, disk and network over the range, with what they are now. */
export function ThisComputer() {
  const t = useText();
  const format = useFormat();
  const { api } = useApp();
  const facts = useQuery(api.host.facts.queryOptions({ staleTime: Infinity })).data;
  const reading = useQuery(api.host.reading.queryOptions({ refetchInterval: 5000 })).data ?? null;
  const top = useQuery(api.host.processes.queryOptions({ input: { by: 'cpu', limit: 1 }, refetchInterval: 10_000 }))
    .data?.[0];
  const expressions = useMemo(
    () => ({
      cpu: [{ expr: CPU, name: t('overview.cpu') }],
      memory: [{ expr: MEMORY, name: t('overview.memory') }],
      disk: [
        { expr: DISK_READ, name: t('overview.read') },
        { expr: DISK_WRITE, name: t('overview.write') },
      ],
      network: [
        { expr: RECEIVE, name: t('overview.receive') },
        { expr: TRANSMIT, name: t('overview.transmit') },
      ],
    }),
    [t],
  );
  // In the first hour the charts begin where the history does.
  const knownFrom = useStatus().data?.store.oldestSampleAt ?? null;
  const memory = reading?.memory ?? null;
  const fullest = reading?.fullestFilesystem ?? null;
  return (
    <Panel
      title={t('overview.thisComputer')}
      actions={
        facts !== undefined && (
          <span className={styles.facts}>
            {[facts.hostname, facts.os, facts.cpuModel, t('overview.cores', { count: facts.cores })].join(' · ')}
          </span>
        )
      }
    >
      <div className={styles.charts}>
        <ExpressionChart
          title={t('overview.cpu')}
          expressions={expressions.cpu}
          unit="ratio"
          height={HEIGHT}
          knownFrom={knownFrom}
          limit={{ value: 0.8, label: '80 %' }}
          aside={
            <Now value={format.ratio(reading?.cpuRatio)}>
              {top !== undefined && t('overview.topProcess', { name: top.name, cpu: format.ratio(top.cpuRatio) })}
            </Now>
          }
        />
        <ExpressionChart
          title={t('overview.memory')}
          expressions={expressions.memory}
          unit="ratio"
          height={HEIGHT}
          knownFrom={knownFrom}
          limit={{ value: 0.85, label: '85 %' }}
          aside={
            <Now value={format.ratio(memory === null ? null : memory.usedBytes / memory.totalBytes)}>
              {memory !== null &&
                t('overview.of', { used: format.bytes(memory.usedBytes), total: format.bytes(memory.totalBytes) })}
            </Now>
          }
        />
        <ExpressionChart
          title={t('overview.disk')}
          expressions={expressions.disk}
          unit="bytesPerSecond"
          height={HEIGHT}
          knownFrom={knownFrom}
          aside={
            <Now value={format.ratio(fullest === null ? null : fullest.usedBytes / fullest.totalBytes)}>
              {fullest !== null && t('overview.fullest', { mountpoint: fullest.mountpoint })}
            </Now>
          }
        />
        <ExpressionChart
          title={t('overview.network')}
          expressions={expressions.network}
          unit="bytesPerSecond"
          height={HEIGHT}
          knownFrom={knownFrom}
          aside={
            <Now value={`↓ ${format.value(reading?.networkReceiveBytesPerSecond, 'bytesPerSecond')}`}>
              {`↑ ${format.value(reading?.networkTransmitBytesPerSecond, 'bytesPerSecond')}`}
            </Now>
          }
        />
      </div>
    </Panel>
  );
}

function Now({ value, children }: { value: string; children: ReactNode }) {
  return (
    <span className={styles.now}>
      <strong>{value}</strong>
      <span className={styles.nowMore}>{children}</span>
    </span>
  );
}
