import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useText } from '../i18n/use-text.ts';
import styles from './SortTable.module.css';

export interface SortColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** What the column is ordered by; null comes last, whatever the direction. */
  readonly value: (row: Row) => number | string | null;
  /** What is shown; the value as it is when left out. */
  readonly show?: (row: Row) => ReactNode;
  readonly hint?: string;
}

/** A compact table whose columns sort it: numbers from the largest, texts from A, and the other way at the next press. */
export function SortTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  initial,
  onSort,
}: {
  label: string;
  columns: readonly SortColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** The column that orders it at first. */
  initial: string;
  onSort?: (column: string) => void;
}) {
  const t = useText();
  const [order, setOrder] = useState({ column: initial, isTurned: false });
  const column = columns.find(({ id }) => id === order.column) ?? columns[0];
  const isNumeric = (one: SortColumn<Row>): boolean => rows.some((row) => typeof one.value(row) === 'number');
  const sorted =
    column === undefined ? rows : rows.toSorted((a, b) => compare(column.value(a), column.value(b), order.isTurned));
  return (
    <div className={styles.box}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((one) => {
              const isActive = one.id === column?.id;
              const isFalling = isNumeric(one) !== order.isTurned;
              return (
                <th
                  key={one.id}
                  scope="col"
                  className={isNumeric(one) ? styles.number : undefined}
                  aria-sort={isActive ? (isFalling ? 'descending' : 'ascending') : 'none'}
                >
                  <button
                    type="button"
                    className={styles.sort}
                    data-active={isActive}
                    title={one.hint ?? t('computer.sortBy', { column: one.title })}
                    onClick={() => {
                      setOrder({ column: one.id, isTurned: isActive && !order.isTurned });
                      onSort?.(one.id);
                    }}
                  >
                    {one.title}
                    {isActive && (isFalling ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((one) => (
                <td key={one.id} className={isNumeric(one) ? styles.number : styles.wide}>
                  {one.show === undefined ? one.value(row) : one.show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function compare(a: number | string | null, b: number | string | null, isTurned: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const ordered = typeof a === 'number' && typeof b === 'number' ? b - a : String(a).localeCompare(String(b));
  return isTurned ? -ordered : ordered;
}
