import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Loading } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SortTable, type SortColumn } from '../../ui/SortTable.tsx';
import styles from './Computer.module.css';
import { usePresentValues, type PresentValue } from './use-values.ts';

const LEVELS = '{__name__=~"container_(memory_working_set_bytes|spec_memory_limit_bytes|processes)",job="host"}';
const CPU = 'rate(container_cpu_usage_seconds_total{job="host"}[2m])';
const IO =
  'sum by (id) (rate(container_fs_reads_bytes_total{job="host"}[2m]))' +
  ' + sum by (id) (rate(container_fs_writes_bytes_total{job="host"}[2m]))';

interface ContainerRow {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly cpuRatio: number | null;
  readonly memoryBytes: number | null;
  readonly limitBytes: number | null;
  readonly ioBytesPerSecond: number | null;
}

/** What each container uses, from the kernel's control groups. */
export function ContainersPanel() {
  const t = useText();
  const format = useFormat();
  const levels = usePresentValues(LEVELS);
  const cpu = usePresentValues(CPU);
  const io = usePresentValues(IO);
  const rows = levels === undefined ? undefined : containerRows(levels, cpu ?? [], io ?? []);
  const columns: SortColumn<ContainerRow>[] = [
    {
      id: 'name',
      title: t('computer.name'),
      value: (row) => row.name,
      show: (row) => <span title={row.id}>{row.name}</span>,
    },
    { id: 'image', title: t('computer.image'), value: (row) => row.image },
    { id: 'cpu', title: t('computer.cpu'), value: (row) => row.cpuRatio, show: (row) => format.ratio(row.cpuRatio) },
    {
      id: 'memory',
      title: t('computer.memory'),
      value: (row) => row.memoryBytes,
      show: (row) => format.bytes(row.memoryBytes),
    },
    {
      id: 'limit',
      title: t('computer.limit'),
      value: (row) => row.limitBytes,
      show: (row) => format.bytes(row.limitBytes),
    },
    {
      id: 'io',
      title: t('computer.io'),
      value: (row) => row.ioBytesPerSecond,
      show: (row) => format.value(row.ioBytesPerSecond, 'bytesPerSecond'),
    },
  ];
  return (
    <Panel title={t('computer.containers')}>
      {rows === undefined ? (
        <Loading />
      ) : rows.length === 0 ? (
        <p className={styles.note}>{t('computer.noContainers')}</p>
      ) : (
        <SortTable
          label={t('computer.containers')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          initial="cpu"
        />
      )}
    </Panel>
  );
}

function containerRows(
  levels: readonly PresentValue[],
  cpu: readonly PresentValue[],
  io: readonly PresentValue[],
): readonly ContainerRow[] {
  const byId = (values: readonly PresentValue[]) => new Map(values.map(({ labels, value }) => [labels['id'], value]));
  const level = (name: string) => byId(levels.filter((each) => each.name === `container_${name}`));
  const [memory, limit, cpuOf, ioOf] = [
    level('memory_working_set_bytes'),
    level('spec_memory_limit_bytes'),
    byId(cpu),
    byId(io),
  ];
  const known = new Map(levels.flatMap(({ labels }) => (labels['id'] === undefined ? [] : [[labels['id'], labels]])));
  return [...known].map(([id, labels]) => ({
    id,
    name: labels['name'] ?? id,
    image: labels['image'] ?? '',
    cpuRatio: cpuOf.get(id) ?? null,
    memoryBytes: memory.get(id) ?? null,
    limitBytes: limit.get(id) ?? null,
    ioBytesPerSecond: ioOf.get(id) ?? null,
  }));
}
