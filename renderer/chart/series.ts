import type { LabelRecord } from '../../shared/model/labels.ts';
import type { Columns } from './columns.ts';

/** One line of a chart. */
export interface ChartSeries {
  /** Equal labels, equal key. */
  readonly key: string;
  readonly name: string;
  readonly labels: LabelRecord;
  readonly columns: Columns;
}

/** A moment that is marked on a chart: a failed check, a restart, a change of the configuration. */
export interface ChartMark {
  readonly at: number;
  readonly text: string;
  readonly tone: 'bad' | 'warn' | 'plain';
}

/** What a chart has to show beside its lines, or in their place. */
export type ChartState =
  | { readonly kind: 'loading' }
  /** `note` says what is missing when the answer is not whole. */
  | { readonly kind: 'ready'; readonly note?: string }
  | { readonly kind: 'empty'; readonly text: string }
  | { readonly kind: 'error'; readonly error: unknown };
