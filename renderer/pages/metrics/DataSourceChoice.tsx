import { useQuery } from '@tanstack/react-query';
import { useApp } from '../../app/app-context.ts';
import { useText } from '../../i18n/use-text.ts';
import { Select } from '../../ui/Select.tsx';

/** Which server answers; nothing where there is only this instance. */
export function DataSourceChoice({ chosen, onChoose }: { chosen: string; onChoose: (name: string) => void }) {
  const t = useText();
  const { api } = useApp();
  const { data: sources = [] } = useQuery(api.metrics.dataSources.queryOptions({ staleTime: 60_000 }));
  if (sources.length === 0 && chosen === '') return null;
  // A link may name one that the configuration has no more; it stays visible, and the answer says so.
  const isGone = chosen !== '' && !sources.some(({ name }) => name === chosen);
  const options = [
    { value: '', text: t('metrics.thisInstance') },
    ...sources.map(({ name, host }) => ({ value: name, text: name === host ? name : `${name} (${host})` })),
    ...(isGone ? [{ value: chosen, text: chosen }] : []),
  ];
  return <Select label={t('metrics.dataSource')} value={chosen} options={options} onChange={onChoose} />;
}
