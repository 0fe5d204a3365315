import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HostProcess } from '../../../shared/contract/host.ts';
import { useApp } from '../../app/app-context.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SortTable, type SortColumn } from '../../ui/SortTable.tsx';

const SHOWN = 15;
type Heaviest = 'cpu' | 'memory' | 'io';

/** The processes that use most of what the table is sorted by. */
export function ProcessesPanel() {
  const t = useText();
  const format = useFormat();
  const { api } = useApp();
  const [by, setBy] = useState<Heaviest>('cpu');
  const answer = useQuery(
    api.host.processes.queryOptions({
      input: { by, limit: SHOWN, io: true },
      refetchInterval: 5000,
      placeholderData: keepPreviousData,
    }),
  );
  const columns: SortColumn<HostProcess>[] = [
    { id: 'name', title: t('computer.name'), value: (row) => row.name },
    { id: 'pid', title: t('computer.pid'), value: (row) => row.pid },
    { id: 'user', title: t('computer.user'), value: (row) => row.user },
    { id: 'cpu', title: t('computer.cpu'), value: (row) => row.cpuRatio, show: (row) => format.ratio(row.cpuRatio) },
    {
      id: 'memory',
      title: t('computer.memory'),
      value: (row) => row.memoryBytes,
      show: (row) => format.bytes(row.memoryBytes),
    },
    {
      id: 'io',
      title: t('computer.io'),
      value: (row) => row.ioBytesPerSecond,
      show: (row) => format.value(row.ioBytesPerSecond, 'bytesPerSecond'),
    },
    {
      id: 'threads',
      title: t('computer.threads'),
      value: (row) => row.threads,
      show: (row) => format.count(row.threads),
    },
    {
      id: 'running',
      title: t('computer.running'),
      value: (row) => (row.startedAt === null ? null : Date.now() - row.startedAt),
      show: (row) => format.duration(row.startedAt === null ? null : Date.now() - row.startedAt),
    },
  ];
  return (
    <Panel title={t('computer.processes')}>
      {answer.data === undefined ? (
        answer.error === null ? (
          <Loading />
        ) : (
          <ErrorNotice title={t('computer.noProcesses')} error={answer.error} />
        )
      ) : (
        <SortTable
          label={t('computer.processes')}
          columns={columns}
          rows={answer.data}
          rowKey={({ pid }) => String(pid)}
          initial="cpu"
          onSort={(column) => {
            if (column === 'cpu' || column === 'memory' || column === 'io') setBy(column);
          }}
        />
      )}
    </Panel>
  );
}
