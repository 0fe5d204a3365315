export { EntryAssembler } from './entry-assembler.ts';
export type { AssembledEntry } from './entry-assembler.ts';
export type { LogFields, NewLogEntry } from './log-entry.ts';
export { LOG_LEVELS, parseLevel } from './log-level.ts';
export type { LogLevel } from './log-level.ts';
export { parseFields } from './parse-fields.ts';
export type { LineFormat } from './parse-line.ts';
