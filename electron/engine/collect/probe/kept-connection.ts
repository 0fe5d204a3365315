/** One connection that a probe keeps between its runs, so that a database does not start a process for each. */
export interface KeptConnection<Connection> {
  /**
   * Use the connection, opened now when there is none. One that has died meanwhile is replaced once; a run that is cut
   * off closes it, as an answer to an old question may still be on its way.
   */
  use<Result>(signal: AbortSignal, work: (connection: Connection) => Promise<Result>): Promise<Result>;
  close(): void;
}

export interface KeptConnectionOptions<Connection> {
  /** Must leave nothing open when it rejects or the signal aborts. */
  readonly open: (signal: AbortSignal) => Promise<Connection>;
  readonly isAlive: (connection: Connection) => boolean;
  /** Whether an error means that the connection is over, also while its socket does not know yet. */
  readonly isFatal: (error: unknown) => boolean;
  /** Close at once. */
  readonly destroy: (connection: Connection) => void;
}

export function keepConnection<Connection>(options: KeptConnectionOptions<Connection>): KeptConnection<Connection> {
  let kept: Connection | null = null;
  let isClosed = false;
  const drop = (connection: Connection): void => {
    if (kept === connection) kept = null;
    options.destroy(connection);
  };

  const once = async <Result>(
    signal: AbortSignal,
    work: (connection: Connection) => Promise<Result>,
  ): Promise<Result> => {
    const connection = kept ?? (await options.open(signal));
    kept = connection;
    const abort = (): void => {
      drop(connection);
    };
    if (signal.aborted || isClosed) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await work(connection);
    } catch (error) {
      if (options.isFatal(error)) drop(connection);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      if (!options.isAlive(connection) || isClosed) drop(connection);
    }
  };

  return {
    async use(signal, work) {
      const before = kept;
      if (before !== null && !options.isAlive(before)) drop(before);
      const wasKept = kept !== null;
      try {
        return await once(signal, work);
      } catch (error) {
        const hasDied = wasKept && kept === null && !signal.aborted && !isClosed;
        if (!hasDied) throw error;
        return once(signal, work);
      }
    },
    close() {
      isClosed = true;
      if (kept !== null) drop(kept);
    },
  };
}
