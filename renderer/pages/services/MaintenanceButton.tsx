import { useQueryClient } from '@tanstack/react-query';
import { Wrench } from 'lucide-react';
import { useState } from 'react';
import type { ServiceDetail } from '../../../shared/contract/services.ts';
import { useApp } from '../../app/app-context.ts';
import { useMayWrite } from '../../app/use-status.ts';
import { useWrite } from '../../app/use-write.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Popover } from '../../ui/Popover.tsx';
import styles from './ServiceDetail.module.css';

const MINUTES = [15, 60, 240, 1440];
const MINUTE_MS = 60_000;

/** Begin a maintenance of this check for a while, or end the one that was begun by hand. */
export function MaintenanceButton({ service }: { service: ServiceDetail }) {
  const t = useText();
  const format = useFormat();
  const { api, client } = useApp();
  const queries = useQueryClient();
  const mayWrite = useMayWrite();
  const [open, setOpen] = useState(false);
  const refresh = (): void => {
    setOpen(false);
    void queries.invalidateQueries({ queryKey: api.services.key() });
  };
  const begin = useWrite(
    async (minutes: number) =>
      client.maintenance.begin({ name: t('maintenance.byHand'), minutes, checks: [service.name] }),
    {
      done: (_, minutes) => t('maintenance.begun', { name: service.name, time: format.duration(minutes * MINUTE_MS) }),
      onSuccess: refresh,
    },
  );
  const end = useWrite(async (id: number) => client.maintenance.end({ id }), {
    done: () => t('maintenance.ended', { name: service.name }),
    onSuccess: refresh,
  });
  const byHand = service.maintenance?.id ?? null;
  if (byHand !== null) {
    return (
      <Button
        icon={<Wrench size={14} aria-hidden="true" />}
        disabled={mayWrite === false || end.isPending}
        onClick={() => {
          end.mutate(byHand);
        }}
      >
        {t('maintenance.end')}
      </Button>
    );
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t('maintenance.title')}
      trigger={
        <Button icon={<Wrench size={14} aria-hidden="true" />} disabled={mayWrite === false}>
          {t('maintenance.title')}
        </Button>
      }
    >
      <div className={styles.maintenance}>
        <p className="muted">{t('maintenance.text')}</p>
        {MINUTES.map((minutes) => (
          <Button
            key={minutes}
            disabled={begin.isPending}
            onClick={() => {
              begin.mutate(minutes);
            }}
          >
            {t('maintenance.for', { time: format.duration(minutes * MINUTE_MS) })}
          </Button>
        ))}
      </div>
    </Popover>
  );
}
