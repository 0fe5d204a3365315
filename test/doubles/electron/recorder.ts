import { EventEmitter } from 'node:events';

/** One thing that the application asked of the system, as plain data. */
export interface Asked {
  readonly what: string;
  readonly detail: unknown;
}

/**
 * What the application asked the system for, and the way in for what a person or the system would do. The test process
 * talks to it over the child's IPC channel: `{ id, command, argument }` is answered with `{ id, answer }` or `{ id, error }`.
 */
const asked: Asked[] = [];
const commands = new Map<string, (argument: unknown) => unknown>();
export const recorderEvents = new EventEmitter();

export function record(what: string, detail: unknown): void {
  asked.push({ what, detail: JSON.parse(JSON.stringify(detail ?? null)) as unknown });
}

/** Let a test do what a person or the system would do. */
export function onCommand(command: string, run: (argument: unknown) => unknown): void {
  commands.set(command, run);
}

onCommand('asked', (what) => asked.filter((one) => what === null || one.what === what));

interface CommandMessage {
  readonly id: number;
  readonly command: string;
  readonly argument: unknown;
}

process.on('message', (message: CommandMessage) => {
  const reply = (result: object): void => {
    process.send?.({ id: message.id, ...result });
  };
  const run = commands.get(message.command);
  if (run === undefined) {
    reply({ error: `electron double: no command "${message.command}"` });
    return;
  }
  Promise.resolve()
    .then(() => run(message.argument))
    .then(
      (answer) => reply({ answer: answer ?? null }),
      (error: unknown) => reply({ error: String(error) }),
    );
});
// The channel must not keep the application alive after it has quit.
process.channel?.unref();
