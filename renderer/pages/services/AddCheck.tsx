import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ListPlus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { errorText } from '../../api/error-text.ts';
import { useApp } from '../../app/app-context.ts';
import { useMayWrite } from '../../app/use-status.ts';
import { useWrite } from '../../app/use-write.ts';
import { en } from '../../i18n/en.ts';
import type { MessageKey } from '../../i18n/en.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import styles from './AddCheck.module.css';
import { CHECK_FIELDS, settingsOf } from './check-fields.ts';
import { probeName } from './probe-words.ts';

/** A check of any kind, by its main fields. */
export function AddCheck() {
  const t = useText();
  const mayWrite = useMayWrite();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        icon={<ListPlus size={14} aria-hidden="true" />}
        disabled={mayWrite === false}
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('probes.add')}
      </Button>
      {isOpen && (
        <CheckDialog
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function CheckDialog({ onClose }: { onClose: () => void }) {
  const t = useText();
  const { api, client, toasts } = useApp();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [kind, setKind] = useState('http');
  const [name, setName] = useState('');
  const [interval, setInterval] = useState('');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const fields = CHECK_FIELDS[kind] ?? [];
  const settings = settingsOf(fields, values);
  const isComplete =
    name.trim() !== '' && fields.every(({ key, isRequired }) => isRequired !== true || key in settings);
  const add = useWrite(
    async (wanted: string) =>
      client.services.addCheck({
        name: wanted,
        kind,
        settings,
        ...(interval.trim() === '' ? {} : { interval: interval.trim() }),
      }),
    {
      onSuccess: ({ id }, wanted) => {
        toasts.show({ tone: 'good', text: t('services.addedCheck', { address: wanted }) });
        void queries.invalidateQueries({ queryKey: api.services.key() });
        onClose();
        void navigate({ to: '/services/detail', search: { id } });
      },
      onError: (error) => {
        setProblem(errorText(error, t));
      },
    },
  );
  return (
    <Dialog title={t('probes.addTitle')} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          setProblem(null);
          if (isComplete) add.mutate(name.trim());
        }}
      >
        <Row label={t('probes.name')}>
          <TextField label={t('probes.name')} value={name} onChange={setName} required />
        </Row>
        <Row label={t('probes.kind')}>
          <Select
            label={t('probes.kind')}
            value={kind}
            options={Object.keys(CHECK_FIELDS).map((value) => ({ value, text: probeName(value) }))}
            onChange={setKind}
          />
        </Row>
        {fields.map(({ key, hint, choices, isRequired }) => {
          const words = t(fieldKey(key));
          const label = isRequired === true || choices !== undefined ? words : t('probes.optional', { field: words });
          const change = (value: string): void => {
            setValues((before) => ({ ...before, [key]: value }));
          };
          return (
            <Row key={key} label={label}>
              {choices === undefined ? (
                <TextField
                  label={label}
                  placeholder={hint}
                  value={values[key] ?? ''}
                  onChange={change}
                  required={isRequired === true}
                />
              ) : (
                <Select
                  label={label}
                  value={values[key] ?? choices[0] ?? ''}
                  options={choices.map((value) => ({ value, text: value }))}
                  onChange={change}
                />
              )}
            </Row>
          );
        })}
        <Row label={t('probes.optional', { field: t('probes.interval') })}>
          <TextField label={t('probes.interval')} placeholder="30s" value={interval} onChange={setInterval} />
        </Row>
        {problem !== null && (
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
        <Button type="submit" disabled={!isComplete || add.isPending}>
          {t('probes.save')}
        </Button>
      </form>
    </Dialog>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <span aria-hidden="true">{label}</span>
      {children}
    </div>
  );
}

function fieldKey(key: string): MessageKey {
  const found = `probes.field.${key}`;
  return Object.hasOwn(en, found) ? (found as MessageKey) : 'probes.kind';
}
