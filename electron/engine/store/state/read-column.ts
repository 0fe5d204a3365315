import type { SQLOutputValue } from 'node:sqlite';

/** Columns of a row as the type that the table promises; anything else is a fault of the program and throws. */
type Row = Readonly<Record<string, SQLOutputValue>>;

export function readText(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`Column "${column}" holds no text.`);
  return value;
}

export function readNumber(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`Column "${column}" holds no number.`);
  return value;
}

export function readNullableText(row: Row, column: string): string | null {
  return row[column] === null ? null : readText(row, column);
}

export function readNullableNumber(row: Row, column: string): number | null {
  return row[column] === null ? null : readNumber(row, column);
}

export function readJson(row: Row, column: string): unknown {
  return JSON.parse(readText(row, column));
}
