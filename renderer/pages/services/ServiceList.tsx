import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { RefreshCw } from 'lucide-react';
import { memo, useEffect, useRef } from 'react';
import type { Service } from '../../../shared/contract/services.ts';
import { useLook } from '../../app/look.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { IconButton } from '../../ui/Button.tsx';
import { HeartbeatBar } from '../../ui/HeartbeatBar.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import styles from './Services.module.css';
import { useCheckNow } from './use-check-now.ts';

/** The height of a row; the same numbers as the token `--row`, because the list places its rows by arithmetic. */
const ROW_PX = { compact: 24, normal: 28, roomy: 34 };

/** A thousand services in a list of which only what is in view exists. */
export function ServiceList({
  services,
  selected,
  onSelect,
}: {
  services: readonly Service[];
  selected: string | null;
  onSelect: (id: string) => void;
}) {
  const t = useText();
  const { density } = useLook();
  const scrollRef = useRef<HTMLDivElement>(null);
  const rowPx = ROW_PX[density];
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are used here only, never passed on
  const list = useVirtualizer({
    count: services.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => services[index]?.id ?? index,
    overscan: 6,
  });
  useEffect(() => {
    list.measure();
  }, [list, rowPx]);
  const at = selected === null ? -1 : services.findIndex(({ id }) => id === selected);
  useEffect(() => {
    if (at >= 0) list.scrollToIndex(at, { align: 'auto' });
  }, [list, at]);

  return (
    <div
      className={styles.grid}
      role="grid"
      aria-label={t('nav.services')}
      aria-rowcount={services.length + 1}
      aria-activedescendant={at >= 0 ? `service-${String(at)}` : undefined}
      tabIndex={0}
    >
      <div role="row" aria-rowindex={1} className={styles.head}>
        <span role="columnheader">{t('services.name')}</span>
        <span role="columnheader">{t('services.group')}</span>
        <span role="columnheader">{t('services.recent')}</span>
        <span role="columnheader" className={styles.number}>
          {t('services.uptime')}
        </span>
        <span role="columnheader" className={styles.number}>
          {t('services.latency')}
        </span>
        <span role="columnheader">{t('services.since')}</span>
        <span role="columnheader">{t('services.message')}</span>
        <span role="columnheader">
          <span className="visually-hidden">{t('services.actions')}</span>
        </span>
      </div>
      <div ref={scrollRef} className={styles.scroll} role="rowgroup">
        <div role="presentation" style={{ height: list.getTotalSize(), position: 'relative' }}>
          {list.getVirtualItems().map(({ index, start, key }) => {
            const service = services[index];
            if (service === undefined) return null;
            return (
              <ServiceRow
                key={key}
                service={service}
                index={index}
                top={start}
                selected={index === at}
                onSelect={onSelect}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const ServiceRow = memo(function ServiceRow({
  service,
  index,
  top,
  selected,
  onSelect,
}: {
  service: Service;
  index: number;
  top: number;
  selected: boolean;
  onSelect: (id: string) => void;
}) {
  const t = useText();
  const format = useFormat();
  const checkNow = useCheckNow(service);
  const { id, name, state, group, message, since, beats, uptime24h, latencyMs, address } = service;
  return (
    <div
      id={`service-${String(index)}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={styles.row}
      style={{ transform: `translateY(${String(top)}px)` }}
      onPointerDown={() => {
        onSelect(id);
      }}
    >
      <span role="gridcell" className={styles.name}>
        <StateMark state={state} />
        <Link to="/services/detail" search={{ id }} title={`${name} · ${address}`} className={styles.link}>
          {name}
        </Link>
      </span>
      <span role="gridcell" className={styles.dim} title={address}>
        {group}
      </span>
      <span role="gridcell">
        <HeartbeatBar beats={beats} />
      </span>
      <span role="gridcell" className={styles.number}>
        {format.ratio(uptime24h)}
      </span>
      <span role="gridcell" className={styles.number}>
        {format.duration(latencyMs)}
      </span>
      <span role="gridcell" className={styles.dim}>
        <RelativeTime at={since} />
      </span>
      <span role="gridcell" className={styles.dim} title={message ?? undefined}>
        {message}
      </span>
      <span role="gridcell">
        <IconButton
          className={styles.action ?? ''}
          label={t('services.checkNow', { name })}
          icon={<RefreshCw size={13} />}
          disabled={checkNow.isPending}
          onClick={() => {
            checkNow.mutate(undefined);
          }}
        />
      </span>
    </div>
  );
});
