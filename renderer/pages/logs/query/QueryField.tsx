import { CircleHelp, Search, X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { ORPCError } from '@orpc/client';
import { expressionPlace } from '../../../api/error-text.ts';
import { useText } from '../../../i18n/use-text.ts';
import { useShortcuts } from '../../../keys/use-shortcuts.ts';
import { IconButton } from '../../../ui/Button.tsx';
import { Popover } from '../../../ui/Popover.tsx';
import styles from './QueryField.module.css';

const TYPING_MS = 350;

/**
 * The search text. It is used when typing stops, or at once with Enter; what is wrong in it is said below, with a mark
 * under the place.
 */
export function QueryField({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error: unknown;
}) {
  const t = useText();
  const ref = useRef<HTMLInputElement>(null);
  const problemId = useId();
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    // The address has changed by itself: a facet, a link, the way back.
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(onChange, TYPING_MS, typed);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, value, onChange]);
  useShortcuts([
    { id: 'logs.search', keys: '/', label: 'keys.search', group: 'keys.groupPage', run: () => ref.current?.select() },
  ]);
  const place = expressionPlace(error);
  const isBad = error instanceof ORPCError && error.code === 'BAD_EXPRESSION' && typed === value;
  return (
    <div className={styles.box} role="search">
      <Search size={14} aria-hidden="true" className={styles.icon} />
      <input
        ref={ref}
        className={styles.field}
        aria-label={t('logs.search')}
        aria-invalid={isBad}
        aria-describedby={isBad ? problemId : undefined}
        placeholder={t('logs.searchHint')}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChange(typed);
          else if (event.key === 'Escape' && typed !== '') onChange('');
          else if (event.key === 'Escape') ref.current?.blur();
          else return;
          event.preventDefault();
        }}
      />
      {typed !== '' && (
        <IconButton
          className={styles.clear ?? ''}
          label={t('logs.clearSearch')}
          icon={<X size={14} />}
          onClick={() => {
            onChange('');
            setTyped('');
            ref.current?.focus();
          }}
        />
      )}
      <QueryHelp />
      {isBad && (
        <div id={problemId} role="alert" className={styles.problem}>
          {place !== null && (
            <pre className={styles.place} aria-hidden="true">
              {value.slice(0, place.column - 1)}
              <mark>{value.slice(place.column - 1) || ' '}</mark>
            </pre>
          )}
          <p>{error.message}</p>
        </div>
      )}
    </div>
  );
}

const EXAMPLES = [
  ['timeout', 'logs.helpWord'],
  ['"connection reset"', 'logs.helpPhrase'],
  ['-healthcheck', 'logs.helpNot'],
  ['/status=5\\d\\d/i', 'logs.helpRegexp'],
] as const;

function QueryHelp() {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t('logs.help')}
      trigger={<IconButton label={t('logs.help')} icon={<CircleHelp size={14} />} />}
    >
      <dl className={styles.help}>
        {EXAMPLES.map(([example, key]) => (
          <div key={example}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd>{t(key)}</dd>
          </div>
        ))}
      </dl>
    </Popover>
  );
}
