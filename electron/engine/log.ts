/** What the program says about itself. `fields` are plain data without secrets; the message says what and on what. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: LogFields) => void;
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;
