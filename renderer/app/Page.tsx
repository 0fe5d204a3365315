import { Search } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useText } from '../i18n/use-text.ts';
import { useShortcuts } from '../keys/use-shortcuts.ts';
import { TextField } from '../ui/TextField.tsx';
import styles from './Page.module.css';
import { useSlots } from './slots.ts';
import { useFiringCount } from './use-status.ts';

/** The field of the top bar, reached with `/`, while the page has something to search. */
export interface PageSearch {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/**
 * A page: its name in the top bar and in the window's title, its search, and its content.
 * `parent` is the link before the name.
 */
export function Page({
  title,
  parent,
  search,
  scroll = true,
  children,
}: {
  title: string;
  parent?: ReactNode;
  search?: PageSearch;
  /** Whether the page as a whole scrolls; a page with its own lists does not. */
  scroll?: boolean;
  children: ReactNode;
}) {
  const slots = useSlots();
  const firing = useFiringCount();
  return (
    <>
      <title>{`${firing > 0 ? `(${String(firing)}) ` : ''}${title} · Vedette`}</title>
      {slots.crumb !== null &&
        createPortal(
          <>
            {parent !== undefined && (
              <>
                {parent}
                <span aria-hidden="true" className={styles.separator}>
                  /
                </span>
              </>
            )}
            <h1 className={styles.title} title={title}>
              {title}
            </h1>
          </>,
          slots.crumb,
        )}
      {slots.search !== null && search !== undefined && createPortal(<SearchField {...search} />, slots.search)}
      <main id="content" className={styles.page} data-scroll={scroll} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function SearchField({ label, value, onChange }: PageSearch) {
  const t = useText();
  const ref = useRef<HTMLInputElement>(null);
  // What is typed stands at once; the value comes back later, by way of the address. Null while the field has no focus.
  const [typed, setTyped] = useState<string | null>(null);
  const change = (next: string): void => {
    setTyped(next);
    onChange(next);
  };
  const clear = useEffectEvent(() => {
    change('');
  });
  useShortcuts([
    { id: 'page.search', keys: '/', label: 'keys.search', group: 'keys.groupPage', run: () => ref.current?.select() },
  ]);
  useEffect(() => {
    const field = ref.current;
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      if (field?.value === '') field.blur();
      else clear();
    };
    field?.addEventListener('keydown', leave);
    return () => field?.removeEventListener('keydown', leave);
  }, []);
  return (
    <div className={styles.search} role="search">
      <Search size={14} aria-hidden="true" className={styles.searchIcon} />
      <TextField
        ref={ref}
        type="search"
        className={styles.searchField}
        label={label}
        placeholder={t('frame.searchHint', { label })}
        value={typed ?? value}
        onChange={change}
        onBlur={() => {
          setTyped(null);
        }}
      />
    </div>
  );
}
