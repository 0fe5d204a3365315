import { Fragment } from 'react';
import styles from './Keys.module.css';

const SHOWN: Readonly<Record<string, string>> = {
  left: '←',
  right: '→',
  up: '↑',
  down: '↓',
  enter: 'Enter',
  esc: 'Esc',
  space: 'Space',
  home: 'Home',
  end: 'End',
  pageup: 'PgUp',
  pagedown: 'PgDn',
};

/** A key sequence as it is printed on the keyboard: `g` `o`, `Ctrl K`. */
export function Keys({ keys }: { keys: string }) {
  const mac = /mac/i.test(navigator.platform);
  return (
    <span className={styles.keys}>
      {keys.split(' ').map((stroke, index) => (
        <Fragment key={index}>
          {stroke.split('+').map((part) => (
            <kbd key={part} className={styles.key}>
              {part === 'mod'
                ? mac
                  ? '⌘'
                  : 'Ctrl'
                : (SHOWN[part] ?? (stroke.includes('+') ? part.toUpperCase() : part))}
            </kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
