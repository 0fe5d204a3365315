import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A desktop with a real notification daemon: Xvfb, a session bus and dunst. */
export interface NotificationDaemon {
  /** What a program needs to reach it. */
  readonly environment: { readonly DISPLAY: string; readonly DBUS_SESSION_BUS_ADDRESS: string };
  /** How many popups are on the screen. */
  displayed(): number;
  /** Every popup that was closed, newest first; closes what is on the screen first. */
  history(): ShownPopup[];
  /** Do not disturb. */
  setPaused(isPaused: boolean): void;
  /** Press the button with this label of the newest popup, through the daemon's own menu. */
  press(label: string): void;
  /** A picture of the screen, as PNG, at `file`. */
  screenshot(file: string): void;
  stop(): void;
}

export interface ShownPopup {
  readonly id: number;
  readonly summary: string;
  readonly body: string;
  readonly appName: string;
}

const PROGRAMS = [
  '/usr/bin/Xvfb',
  '/usr/bin/dbus-daemon',
  '/usr/bin/dunst',
  '/usr/bin/dunstctl',
  '/usr/bin/gdbus',
  '/usr/bin/notify-send',
];
const DUNSTRC = `
[global]
    width = 400
    origin = top-right
    history_length = 100
    dmenu = MENU
    idle_threshold = 0
    follow = none
[urgency_low]
    timeout = 10
[urgency_normal]
    timeout = 20
[urgency_critical]
    background = "#900000"
    timeout = 0
`;

/** Start the daemon on a display and a bus of its own; it touches nothing of the desktop that runs the test. */
export async function startNotificationDaemon(): Promise<NotificationDaemon> {
  const missing = PROGRAMS.filter((program) => !existsSync(program));
  if (missing.length > 0) throw new Error(`Popups cannot be seen without ${missing.join(', ')}. Install the Debian packages dunst, libnotify-bin, dbus, libglib2.0-bin and xvfb.`); // prettier-ignore
  const folder = mkdtempSync(join(tmpdir(), 'vedette-popups-'));
  const started: ChildProcess[] = [];
  const stop = (): void => {
    for (const child of started.reverse()) child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x600x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    started.push(xvfb);
    const DISPLAY = `:${await firstLine(xvfb, 3)}`;
    const bus = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    started.push(bus);
    const DBUS_SESSION_BUS_ADDRESS = await firstLine(bus, 1);
    const environment = { DISPLAY, DBUS_SESSION_BUS_ADDRESS };
    const env = { ...process.env, ...environment };
    const config = join(folder, 'dunstrc');
    const wanted = join(folder, 'wanted');
    const menu = join(folder, 'menu');
    // The daemon hands its menu of buttons to a program, which answers with the line that was chosen.
    writeFileSync(menu, `#!/bin/sh\ngrep -F "$(cat '${wanted}')" | head -n 1\n`, { mode: 0o755 });
    writeFileSync(config, DUNSTRC.replace('MENU', menu));
    started.push(spawn('dunst', ['-conf', config], { stdio: 'ignore', env }));
    const run = (program: string, args: readonly string[]): string => {
      const result = spawnSync(program, args, { env, encoding: 'utf8' });
      if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${result.stderr}`);
      return result.stdout;
    };
    // The bus itself waits for the name: no polling, no guess at how long dunst takes.
    run('gdbus', ['wait', '--session', '--timeout', '20', 'org.freedesktop.Notifications']);
    return {
      environment,
      displayed: () => Number(/Currently displayed:\s*(\d+)/.exec(run('dunstctl', ['count']))?.[1] ?? NaN),
      history() {
        run('dunstctl', ['close-all']);
        return readHistory(run('dunstctl', ['history']));
      },
      setPaused(isPaused) {
        run('dunstctl', ['set-paused', String(isPaused)]);
      },
      press(label) {
        writeFileSync(wanted, label);
        run('dunstctl', ['context']);
      },
      screenshot(file) {
        run('import', ['-window', 'root', file]);
      },
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}

function firstLine(child: ChildProcess, fd: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdio[fd]?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')).trim());
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`${child.spawnfile} ended with ${String(code)} before it was ready`));
    });
  });
}

interface HistoryCell {
  readonly data: string | number;
}

function readHistory(json: string): ShownPopup[] {
  const history = JSON.parse(json) as { data: readonly (readonly Readonly<Record<string, HistoryCell>>[])[] };
  return (history.data[0] ?? []).map((row) => ({
    id: Number(row['id']?.data),
    summary: String(row['summary']?.data),
    body: String(row['body']?.data),
    appName: String(row['appname']?.data),
  }));
}
