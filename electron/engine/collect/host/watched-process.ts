/** Processes to keep the history of, summed up under one name. */
export interface WatchedProcess {
  readonly name: string;
  /** RE2, found anywhere in the command line; null means programs that are called `name`. */
  readonly pattern: string | null;
}
