import type { LogLevel } from './log-level.ts';

/**
 * What kind of trace an entry has turned into; `none` is an ordinary entry. Python's has phases: frames, up to the line
 * that names the exception; then its end; then the sentence that announces another one.
 */
export type TraceKind = 'none' | 'python' | 'python-end' | 'python-chain' | 'go' | 'other';

export interface OpenEntry {
  readonly trace: TraceKind;
  /** Whether it is a message of a text logger, which a trace may follow as part of it. */
  readonly isMessage: boolean;
  readonly lineCount: number;
}

export interface Joining {
  readonly joins: boolean;
  /** Of the entry that the line joins or begins. */
  readonly trace: TraceKind;
  /** What the line says about it; `unknown` for nothing. */
  readonly level: LogLevel;
}

const PYTHON_START =
  /^(?:Traceback \(most recent call last\):|ExceptionGroup Traceback|\s*\+ Exception Group Traceback)/;
const PYTHON_CHAIN =
  /^(?:During handling of the above exception, another exception occurred:|The above exception was the direct cause of the following exception:)/;
const GO_START = /^(?:panic: |fatal error: |goroutine \d+ \[)/;
const GO_FRAME = /^(?:created by |exit status \d+$|\[signal |goroutine \d+ \[|panic: )/;
const GO_CALL = /^[\w./*$-]+\(/;
/** `x.y.FooException: message`, `TypeError: message`, `Exception in thread "main" …`, `Uncaught …`, .NET, PHP. */
const EXCEPTION =
  /^(?:Exception in thread |Uncaught |Unhandled exception|PHP (?:Fatal|Parse) error: |(?:[\w$]+[.:\\]{1,2})*[A-Z_$][\w$]*(?:Exception|Error|Throwable|Interrupt|Failure)(?::|\s*$))/;
/** Lines of a trace that are not indented, in any language. */
const TRACE_LINE =
  /^(?:Caused by: |Suppressed: |\.\.\. \d+ |Stack trace:|#\d+ |Next \S+: |Node\.js v\d|--- End of |at \S)/;
const CLOSING = /^[\])}]+[,;]?$/;

/**
 * Decide whether a line, not empty, that no format recognises belongs to the entry before it: indented lines, stack traces in the
 * layouts of Python, Java, Node, Go, .NET and PHP, and the ends of brackets. Other lines stand alone.
 *
 * @param open the entry before, null at the start
 * @returns for a line that stands alone, what kind of entry it begins
 */
export function joinLine(line: string, open: OpenEntry | null): Joining {
  const begun = traceBegunBy(line);
  if (open === null) return { joins: false, ...begun };
  const { trace, isMessage } = open;
  if (/^\s/.test(line)) return joined(trace);
  if (trace === 'python') return joined(begun.trace === 'python' ? 'python' : 'python-end');
  if (trace === 'python-chain' && begun.trace === 'python') return joined('python');
  if (PYTHON_CHAIN.test(line) && trace === 'python-end') return joined('python-chain');
  if (trace === 'go' && (begun.trace === 'go' || isGoFrame(line))) return joined('go');
  if (TRACE_LINE.test(line) && (open.lineCount > 1 || trace !== 'none')) return joined(trace);
  // A trace goes with the message that was logged right before it, and so does all up to the next message.
  if (isMessage && trace !== 'none') return joined(trace);
  if (isMessage && begun.trace !== 'none') return joined(begun.trace, begun.level);
  if (CLOSING.test(line) && open.lineCount > 1) return joined(trace);
  return { joins: false, ...begun };
}

function isGoFrame(line: string): boolean {
  return GO_FRAME.test(line) || (line.endsWith(')') && GO_CALL.test(line));
}

function traceBegunBy(line: string): { readonly trace: TraceKind; readonly level: LogLevel } {
  if (PYTHON_START.test(line)) return { trace: 'python', level: 'error' };
  if (GO_START.test(line)) return { trace: 'go', level: 'fatal' };
  if (EXCEPTION.test(line)) return { trace: 'other', level: 'error' };
  return { trace: 'none', level: 'unknown' };
}

function joined(trace: TraceKind, level: LogLevel = 'unknown'): Joining {
  return { joins: true, trace, level };
}
