import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Matcher, MatchOperator } from '../../../shared/model/matcher.ts';
import { useApp } from '../../app/app-context.ts';
import { useWrite } from '../../app/use-write.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import styles from './Handling.module.css';

/** What the dialog begins with; with an id it changes that silence. */
export interface SilenceDraft {
  readonly id: string | null;
  readonly matchers: readonly Matcher[];
  readonly comment: string;
}

const OPERATORS: readonly MatchOperator[] = ['=', '!=', '=~', '!~'];
const HOUR_MS = 3_600_000;
const DURATIONS_MS = [HOUR_MS / 2, HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS, 168 * HOUR_MS];

/** Make or change a silence; shows what it would hold back before it is made. */
export function SilenceDialog({ draft, onClose }: { draft: SilenceDraft; onClose: () => void }) {
  const t = useText();
  const format = useFormat();
  const { api, client, toasts } = useApp();
  const [matchers, setMatchers] = useState(draft.matchers);
  const [comment, setComment] = useState(draft.comment);
  const [durationMs, setDuration] = useState(HOUR_MS);
  const complete = matchers.filter(({ name }) => name !== '');
  // Of the state itself, which keeps its identity: a list made anew would never stand still.
  const asked = useDebounced(matchers, 200).filter(({ name }) => name !== '');
  const preview = useQuery(
    api.silences.preview.queryOptions({
      input: { matchers: asked.map((one) => ({ ...one })) },
      placeholderData: (previous) => previous,
    }),
  );
  const save = useWrite(
    async () =>
      client.silences.set({
        id: draft.id,
        matchers: complete.map((one) => ({ ...one })),
        endsAt: Date.now() + durationMs,
        comment,
      }),
    {
      onSuccess: ({ id }) => {
        toasts.show({
          tone: 'good',
          text: t('alerts.silenceMade', { time: format.duration(durationMs) }),
          undo: () => void client.silences.expire({ id }),
        });
        onClose();
      },
    },
  );
  const change = (index: number, part: Partial<Matcher>): void => {
    setMatchers(matchers.map((one, at) => (at === index ? { ...one, ...part } : one)));
  };
  const found = preview.data;
  const problem = found?.problem ?? null;
  return (
    <Dialog title={t(draft.id === null ? 'alerts.silenceNew' : 'alerts.silenceEdit')} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <p className="muted">{t('alerts.silenceText')}</p>
        {matchers.map(({ name, operator, value }, index) => (
          // The place is all that tells two unfinished matchers from one another.
          <div key={String(index)} className={styles.matcher}>
            <TextField
              label={t('alerts.matcherName', { number: index + 1 })}
              value={name}
              onChange={(text) => {
                change(index, { name: text });
              }}
            />
            <Select
              label={t('alerts.matcherOperator', { number: index + 1 })}
              value={operator}
              options={OPERATORS.map((one) => ({ value: one, text: one }))}
              onChange={(one) => {
                change(index, { operator: one });
              }}
            />
            <TextField
              label={t('alerts.matcherValue', { number: index + 1 })}
              value={value}
              onChange={(text) => {
                change(index, { value: text });
              }}
            />
            <IconButton
              label={t('alerts.matcherRemove', { number: index + 1 })}
              icon={<X size={14} />}
              onClick={() => {
                setMatchers(matchers.filter((_one, at) => at !== index));
              }}
            />
          </div>
        ))}
        <div>
          <Button
            icon={<Plus size={14} aria-hidden="true" />}
            onClick={() => {
              setMatchers([...matchers, { name: '', operator: '=', value: '' }]);
            }}
          >
            {t('alerts.matcherAdd')}
          </Button>
        </div>
        <div className={styles.field}>
          <span>{t('alerts.silenceFor')}</span>
          <Select
            label={t('alerts.silenceFor')}
            value={String(durationMs)}
            options={DURATIONS_MS.map((ms) => ({ value: String(ms), text: format.duration(ms) }))}
            onChange={(ms) => {
              setDuration(Number(ms));
            }}
          />
        </div>
        <div className={styles.field}>
          <span>{t('alerts.comment')}</span>
          <TextField label={t('alerts.comment')} value={comment} onChange={setComment} />
        </div>
        <div role="status">
          {problem !== null ? (
            <p>{t('alerts.silenceProblem', { message: problem })}</p>
          ) : (
            <p>{t('alerts.silenceMatches', { count: found?.alerts.length ?? 0 })}</p>
          )}
        </div>
        {found !== undefined && found.alerts.length > 0 && (
          <ul className={styles.preview} tabIndex={0} aria-label={t('alerts.silencePreview')}>
            {found.alerts.map(({ id, name, labels }) => (
              <li key={id}>
                <b>{name}</b>{' '}
                <span className="muted">
                  {Object.entries(labels)
                    .filter(([label]) => label !== 'alertname')
                    .map(([label, value]) => `${label}=${value}`)
                    .join(' ')}
                </span>
              </li>
            ))}
          </ul>
        )}
        <div className={styles.buttons}>
          <Button onClick={onClose}>{t('alerts.cancel')}</Button>
          <Button type="submit" look="primary" disabled={complete.length === 0 || problem !== null || save.isPending}>
            {t(draft.id === null ? 'alerts.silenceMake' : 'alerts.silenceSave')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A silence for exactly this alert. */
export function draftOf(labels: Readonly<Record<string, string>>): SilenceDraft {
  const matchers = Object.entries(labels).map(([name, value]) => ({ name, operator: '=' as const, value }));
  return { id: null, matchers, comment: '' };
}
