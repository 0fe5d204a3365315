import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { Service } from '../../../shared/contract/services.ts';
import type { State } from '../../../shared/model/state.ts';
import { useApp } from '../../app/app-context.ts';
import { Page } from '../../app/Page.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { useShortcuts } from '../../keys/use-shortcuts.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { ErrorNotice, Loading, Notice } from '../../ui/Notice.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { AddCheck } from './AddCheck.tsx';
import { AddService } from './AddService.tsx';
import { Discoveries } from './Discoveries.tsx';
import { filterServices, searchable } from './filter-services.ts';
import type { ServicesSearch } from './route.ts';
import { ServiceList } from './ServiceList.tsx';
import styles from './Services.module.css';

const STATES: readonly State[] = ['down', 'degraded', 'unknown', 'up', 'maintenance', 'paused'];

/** Everything that is watched, worst first, filtered by state and by words. */
export function ServicesPage() {
  const t = useText();
  const { api } = useApp();
  const navigate = useNavigate();
  const { q = '', state } = useSearch({ from: '/services' });
  const { data, error, refetch } = useQuery(api.services.list.queryOptions());
  const all = useMemo(() => searchable(data ?? []), [data]);
  const shown = useMemo(() => filterServices(all, q, state), [all, q, state]);
  const [selected, setSelected] = useState<string | null>(null);

  const change = useCallback(
    (next: ServicesSearch) => {
      void navigate({ to: '/services', search: (previous) => clean({ ...previous, ...next }), replace: true });
    },
    [navigate],
  );
  const search = useMemo(
    () => ({
      label: t('services.search'),
      value: q,
      onChange: (value: string) => {
        change({ q: value });
      },
    }),
    [t, q, change],
  );
  const move = (by: number): void => {
    const at = shown.findIndex(({ id }) => id === selected);
    const next = shown[at < 0 ? (by > 0 ? 0 : shown.length - 1) : Math.min(shown.length - 1, Math.max(0, at + by))];
    if (next !== undefined) setSelected(next.id);
  };
  const open = (): void => {
    if (selected !== null) void navigate({ to: '/services/detail', search: { id: selected } });
  };
  useShortcuts([
    ...['j', 'down'].map((keys) => ({
      id: `list.next ${keys}`,
      keys,
      label: 'keys.next' as const,
      group: 'keys.groupList' as const,
      run: () => {
        move(1);
      },
    })),
    ...['k', 'up'].map((keys) => ({
      id: `list.previous ${keys}`,
      keys,
      label: 'keys.previous' as const,
      group: 'keys.groupList' as const,
      run: () => {
        move(-1);
      },
    })),
    {
      id: 'list.open',
      keys: 'enter',
      label: 'keys.open',
      group: 'keys.groupList',
      when: () => selected !== null,
      run: open,
    },
  ]);

  return (
    <Page title={t('nav.services')} search={search} scroll={false}>
      <div className={styles.page}>
        <div className={styles.tools}>
          {data?.length === 0 ? <span /> : <StateChips services={data ?? []} state={state} onChoose={change} />}
          <AddService />
          <AddCheck />
        </div>
        <Discoveries />
        {data === undefined && error === null && <Loading />}
        {data === undefined && error !== null && (
          <ErrorNotice title={t('services.failed')} error={error} onRetry={() => void refetch()} />
        )}
        {data?.length === 0 && <Notice title={t('services.none')}>{t('services.noneText')}</Notice>}
        {data !== undefined && data.length > 0 && shown.length === 0 && (
          <Notice
            title={t('services.noMatch')}
            actions={
              <Button
                onClick={() => {
                  change({ q: '', state: undefined as never });
                }}
              >
                {t('services.clearFilters')}
              </Button>
            }
          >
            {t('services.noMatchText', { count: data.length })}
          </Notice>
        )}
        {shown.length > 0 && <ServiceList services={shown} selected={selected} onSelect={setSelected} />}
      </div>
    </Page>
  );
}

function StateChips({
  services,
  state,
  onChoose,
}: {
  services: readonly Service[];
  state: State | undefined;
  onChoose: (search: ServicesSearch) => void;
}) {
  const t = useText();
  const format = useFormat();
  const counts = new Map<State, number>();
  for (const service of services) counts.set(service.state, (counts.get(service.state) ?? 0) + 1);
  return (
    <div className={styles.chips} role="group" aria-label={t('services.byState')}>
      <Chip
        on={state === undefined}
        count={format.count(services.length)}
        onToggle={() => {
          onChoose({ state: undefined as never });
        }}
      >
        {t('common.all')}
      </Chip>
      {STATES.map((one) => (
        <Chip
          key={one}
          on={state === one}
          count={format.count(counts.get(one) ?? 0)}
          onToggle={() => {
            onChoose({ state: (state === one ? undefined : one) as never });
          }}
        >
          <StateMark state={one} word />
        </Chip>
      ))}
    </div>
  );
}

/** Parameters that say nothing are left out of the address. */
function clean<T extends ServicesSearch>(search: T): T {
  const { q, state, ...rest } = search;
  return { ...rest, ...(q !== undefined && q !== '' && { q }), ...(state !== undefined && { state }) } as T;
}
