import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Loading } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SortTable, type SortColumn } from '../../ui/SortTable.tsx';
import styles from './Computer.module.css';
import { filesystemRows, type FilesystemRow } from './filesystems.ts';
import { usePresentValues } from './use-values.ts';

const MOUNTS = '{__name__=~"node_filesystem_(size|avail|free)_bytes|node_filesystem_files(_free)?",job="host"}';
// Half an hour of samples at least: the first minutes say nothing of a day.
const TRENDS =
  'deriv(node_filesystem_avail_bytes{job="host"}[6h])' +
  ' and (max_over_time(timestamp(node_filesystem_avail_bytes{job="host"})[6h:5m])' +
  ' - min_over_time(timestamp(node_filesystem_avail_bytes{job="host"})[6h:5m]) > 1800)';

/** How full each file system is, in bytes and inodes, and when it will be full. */
export function FilesystemsPanel() {
  const t = useText();
  const format = useFormat();
  const values = usePresentValues(MOUNTS);
  const trends = usePresentValues(TRENDS);
  const rows = values === undefined ? undefined : filesystemRows(values, trends ?? []);
  const columns: SortColumn<FilesystemRow>[] = [
    {
      id: 'mountpoint',
      title: t('computer.mountpoint'),
      value: (row) => row.mountpoint,
      show: (row) => <span title={row.mountpoint}>{row.mountpoint}</span>,
    },
    { id: 'fstype', title: t('computer.fstype'), value: (row) => row.fstype },
    {
      id: 'used',
      title: t('computer.used'),
      value: (row) => row.usedRatio,
      show: (row) => format.ratio(row.usedRatio),
    },
    {
      id: 'available',
      title: t('computer.available'),
      value: (row) => row.availableBytes,
      show: (row) => format.bytes(row.availableBytes),
    },
    {
      id: 'size',
      title: t('computer.size'),
      value: (row) => row.sizeBytes,
      show: (row) => format.bytes(row.sizeBytes),
    },
    {
      id: 'inodes',
      title: t('computer.inodes'),
      value: (row) => row.inodesUsedRatio,
      show: (row) => format.ratio(row.inodesUsedRatio),
    },
    {
      id: 'fullIn',
      title: t('computer.fullIn'),
      hint: t('computer.fullInHint'),
      // The soonest first, as the largest of negative numbers.
      value: (row) => (row.fullInSeconds === null ? null : -row.fullInSeconds),
      show: (row) =>
        row.fullInSeconds === null ? (
          <span className="muted">{t('computer.notFilling')}</span>
        ) : (
          format.duration(row.fullInSeconds * 1000)
        ),
    },
  ];
  return (
    <Panel title={t('computer.filesystems')}>
      {rows === undefined ? (
        <Loading />
      ) : rows.length === 0 ? (
        <p className={styles.note}>{t('computer.noFilesystems')}</p>
      ) : (
        <SortTable
          label={t('computer.filesystems')}
          columns={columns}
          rows={rows}
          rowKey={({ mountpoint }) => mountpoint}
          initial="used"
        />
      )}
    </Panel>
  );
}
