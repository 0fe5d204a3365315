/** Who calls, as the carrier found out; the first argument of every handler's context. */
export interface Caller {
  readonly mayWrite: boolean;
  readonly carrier: 'window' | 'http';
  /** What calls, as it says of itself; a window is the interface, anything else a program. */
  readonly client?: 'interface' | 'cli' | 'api';
}

/** By what way an action came, for the audit log. */
export function viaOf({ carrier, client }: Caller): 'interface' | 'cli' | 'api' {
  return client ?? (carrier === 'window' ? 'interface' : 'api');
}
