import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { IcmpCheckConfig } from '../../config/index.ts';
import { readPingLine } from './ping-output.ts';
import type { PingEvent } from './ping-output.ts';

/** The system's `ping`, running on and on: starting a process for each packet would cost more than the packets. */
export interface PingProcess {
  /** Null while it runs. */
  readonly ended: PingEnd | null;
  /** What was seen since the last call. */
  take(): readonly PingEvent[];
  /** Settles with the next event or the end. */
  next(): Promise<void>;
  stop(): void;
}

export interface PingEnd {
  /** Null when it could not be started. */
  readonly exitCode: number | null;
  /** `ENOENT` when there is no such command. */
  readonly errorCode: string | null;
  /** What it said about itself. */
  readonly complaint: string;
}

/** @param platform `process.platform` */
export function startPing(config: IcmpCheckConfig, address: string, platform: NodeJS.Platform): PingProcess {
  const child = spawn(commandFor(address, platform), pingArguments(config, address, platform), {
    // Without these, numbers and words come in the language of the machine.
    env: { ...process.env, LC_ALL: 'C', LANG: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let events: PingEvent[] = [];
  let ended: PingEnd | null = null;
  let complaint = '';
  let wake: () => void = () => undefined;
  readLines(child.stdout, (line) => {
    const event = readPingLine(line);
    if (event === null) return;
    events.push(event);
    wake();
  });
  readLines(child.stderr, (line) => (complaint = complaint === '' ? line : `${complaint} ${line}`.slice(0, 500)));
  const end = (exitCode: number | null, errorCode: string | null): void => {
    ended ??= { exitCode, errorCode, complaint };
    wake();
  };
  child.on('error', (error: NodeJS.ErrnoException) => {
    end(null, error.code ?? 'unknown');
  });
  child.on('close', (code) => {
    end(code, null);
  });
  return {
    get ended() {
      return ended;
    },
    take() {
      const taken = events;
      events = [];
      return taken;
    },
    next: () =>
      new Promise((resolve) => {
        if (ended !== null || events.length > 0) resolve();
        else wake = resolve;
      }),
    stop() {
      child.kill('SIGKILL');
    },
  };
}

function commandFor(address: string, platform: NodeJS.Platform): string {
  return platform === 'darwin' && address.includes(':') ? 'ping6' : 'ping';
}

/** Options of iputils, of macOS, and of Windows. `-O` of iputils tells of each packet that was not answered in time. */
function pingArguments(config: IcmpCheckConfig, address: string, platform: NodeJS.Platform): string[] {
  const { gapMs, payloadBytes, ttl, sourceAddress, dontFragment } = config;
  if (platform === 'win32') {
    return ['-t', ...(payloadBytes === null ? [] : ['-l', String(payloadBytes)]), ...(ttl === null ? [] : ['-i', String(ttl)]), address]; // prettier-ignore
  }
  const args = ['-n', '-i', String(gapMs / 1000)];
  if (payloadBytes !== null) args.push('-s', String(payloadBytes));
  if (platform === 'darwin') {
    if (ttl !== null) args.push(address.includes(':') ? '-h' : '-m', String(ttl));
    if (sourceAddress !== null) args.push('-S', sourceAddress);
    if (dontFragment) args.push('-D');
    return [...args, address];
  }
  args.push('-O');
  if (ttl !== null) args.push('-t', String(ttl));
  if (sourceAddress !== null) args.push('-I', sourceAddress);
  if (dontFragment) args.push('-M', 'do');
  return [...args, address];
}

function readLines(stream: ChildProcess['stdout'], take: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-1000);
    for (const line of lines) take(line.trim());
  });
}
