/** Who calls, as the carrier found out; the first argument of every handler's context. */
export interface Caller {
  readonly mayWrite: boolean;
  readonly carrier: 'window' | 'http';
}
