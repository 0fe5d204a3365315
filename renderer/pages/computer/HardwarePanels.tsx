import type { HostGpu, HostTemperature } from '../../../shared/contract/host.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { SortTable, type SortColumn } from '../../ui/SortTable.tsx';

/** Graphics processors, and what computes on them. */
export function GpusPanel({ gpus }: { gpus: readonly HostGpu[] }) {
  const t = useText();
  const format = useFormat();
  const rows = gpus.map((gpu, index) => ({ ...gpu, index }));
  const columns: SortColumn<(typeof rows)[number]>[] = [
    { id: 'name', title: t('computer.name'), value: (row) => row.name },
    {
      id: 'used',
      title: t('computer.used'),
      value: (row) => row.utilizationRatio,
      show: (row) => format.ratio(row.utilizationRatio),
    },
    {
      id: 'memory',
      title: t('computer.gpuMemory'),
      value: (row) => row.memoryUsedBytes,
      show: (row) =>
        t('overview.of', { used: format.bytes(row.memoryUsedBytes), total: format.bytes(row.memoryTotalBytes) }),
    },
    {
      id: 'temperature',
      title: t('computer.temperature'),
      value: (row) => row.temperatureCelsius,
      show: (row) => format.value(row.temperatureCelsius, 'celsius'),
    },
    {
      id: 'power',
      title: t('computer.power'),
      value: (row) => row.powerWatts,
      show: (row) => (row.powerWatts === null ? '—' : `${format.number(row.powerWatts)} W`),
    },
    { id: 'fan', title: t('computer.fan'), value: (row) => row.fanRatio, show: (row) => format.ratio(row.fanRatio) },
    {
      id: 'programs',
      title: t('computer.programs'),
      value: (row) => row.processes.map(({ name }) => name).join(' '),
      show: (row) =>
        row.processes.map(({ pid, name, memoryBytes }) => (
          <div key={pid} title={name}>
            {name.split('/').at(-1)} <span className="muted">{format.bytes(memoryBytes)}</span>
          </div>
        )),
    },
  ];
  return (
    <Panel title={t('computer.gpus')}>
      <SortTable
        label={t('computer.gpus')}
        columns={columns}
        rows={rows}
        rowKey={({ index }) => String(index)}
        initial="used"
      />
    </Panel>
  );
}

export function TemperaturesPanel({ temperatures }: { temperatures: readonly HostTemperature[] }) {
  const t = useText();
  const format = useFormat();
  const rows = temperatures.map((temperature, index) => ({ ...temperature, index }));
  const columns: SortColumn<(typeof rows)[number]>[] = [
    { id: 'sensor', title: t('computer.sensor'), value: (row) => row.title },
    {
      id: 'temperature',
      title: t('computer.temperature'),
      value: (row) => row.celsius,
      show: (row) => format.value(row.celsius, 'celsius'),
    },
    {
      id: 'critical',
      title: t('computer.critical'),
      value: (row) => row.criticalCelsius,
      show: (row) => format.value(row.criticalCelsius, 'celsius'),
    },
  ];
  return (
    <Panel title={t('computer.sensors')}>
      <SortTable
        label={t('computer.sensors')}
        columns={columns}
        rows={rows}
        rowKey={({ index }) => String(index)}
        initial="temperature"
      />
    </Panel>
  );
}
