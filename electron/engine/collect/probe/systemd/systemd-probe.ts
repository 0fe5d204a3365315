import type { MessageBus } from 'dbus-native';
import type { SystemdCheckConfig } from '../../../config/index.ts';
import { connectUnix } from '../connect-socket.ts';
import type { CreateProbe } from '../probe.ts';
import { ProbeFailure, UP } from '../run-probe.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { runService, verdict, withTimeoutOnOurSide } from '../run-service.ts';

const SYSTEMD = 'org.freedesktop.systemd1';
type Properties = Readonly<Record<string, unknown>>;

/** Asks systemd for a unit over the bus, so that no program has to be started. Names of systemd_exporter. */
export const createSystemdProbe: CreateProbe<SystemdCheckConfig> = (config, timeoutMs, { clock }) => {
  const setting = { clock, address: `systemd (${config.unit})`, timeoutMs, thresholds: config.thresholds };
  return {
    run: (signal) =>
      withTimeoutOnOurSide(
        runService(setting, signal, async (run) => {
          const bus = await openBus(config.bus, signal);
          try {
            const { unit, service } = await Promise.race([readUnit(bus, config.unit, signal), failureOf(bus)]);
            return judge(config.unit, unit, service, run);
          } catch (error) {
            throw explain(error, config);
          } finally {
            bus.connection.end();
          }
        }),
      ),
  };
};

/** Faults of the bus are on this side: they say nothing about the unit. */
async function openBus(path: string, signal: AbortSignal): Promise<MessageBus> {
  const { default: dbus } = await import('dbus-native');
  try {
    const stream = await connectUnix(path, signal);
    const bus = dbus.createClient({ stream, authMethods: ['EXTERNAL'], timeout: 0 });
    // A failed call tells it as well; without a listener it would end the program.
    bus.connection.on('error', () => undefined);
    return bus;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') {
      throw new ProbeFailure('unknown', 'absent', `There is no system bus at ${path}: systemd does not run here, or not with D-Bus.`); // prettier-ignore
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw new ProbeFailure('unknown', 'permission', `The system bus at ${path} may not be used by this user.`);
    }
    throw error;
  }
}

/** A bus that refuses the handshake says so here, and to no call. */
function failureOf(bus: MessageBus): Promise<never> {
  return new Promise((_resolve, reject) => {
    bus.connection.once('error', reject);
    bus.connection.once('end', () => {
      reject(Object.assign(new Error('closed'), { code: 'ECONNCLOSED' }));
    });
  });
}

async function readUnit(
  bus: MessageBus,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly unit: Properties; readonly service: Properties }> {
  const call = <T>(path: string, from: string, member: string, argument: string): Promise<T> =>
    Promise.resolve(
      bus.invoke<T>(
        { destination: SYSTEMD, path, interface: from, member, signature: 's', body: [argument] },
        { signal },
      ),
    );
  const path = await call<string>('/org/freedesktop/systemd1', `${SYSTEMD}.Manager`, 'LoadUnit', name);
  const read = (from: string): Promise<Properties> =>
    call<Properties>(path, 'org.freedesktop.DBus.Properties', 'GetAll', `${SYSTEMD}.${from}`);
  return { unit: await read('Unit'), service: name.endsWith('.service') ? await read('Service') : {} };
}

function explain(error: unknown, { bus, unit }: SystemdCheckConfig): unknown {
  const { dbusName, message, code } = error as { dbusName?: unknown; message?: string; code?: unknown };
  switch (dbusName) {
    case 'org.freedesktop.DBus.Error.ServiceUnknown':
    case 'org.freedesktop.DBus.Error.NameHasNoOwner':
      return new ProbeFailure(
        'unknown',
        'absent',
        `systemd does not answer on the bus ${bus}: this machine does not run it.`,
      );
    case 'org.freedesktop.DBus.Error.AccessDenied':
      return new ProbeFailure('unknown', 'permission', `systemd tells this user nothing about ${unit}.`);
  }
  if (typeof dbusName === 'string') {
    return new ProbeFailure(
      'unknown',
      'answer',
      `systemd answered with an error about ${unit}: ${message ?? dbusName}.`,
    );
  }
  if (code === 'ECONNCLOSED') {
    return new ProbeFailure('unknown', 'reset', `The bus ${bus} closed the connection before its answer was complete.`);
  }
  // What the library throws about bytes that are not D-Bus has no code.
  if (error instanceof Error && error.constructor === Error && code === undefined) {
    return new ProbeFailure('unknown', 'protocol', `What listens on ${bus} does not speak D-Bus: ${error.message}.`);
  }
  return error;
}

const STATES = ['active', 'activating', 'deactivating', 'inactive', 'failed'] as const;

function judge(name: string, unit: Properties, service: Properties, run: ProbeRun): Verdict {
  const word = (value: unknown): string => (typeof value === 'string' ? value : '');
  const active = word(unit['ActiveState']);
  const sub = word(unit['SubState']);
  const result = word(service['Result']);
  const restarts = Number(service['NRestarts'] ?? 0);
  const exitStatus = Number(service['ExecMainStatus'] ?? 0);
  if (word(unit['LoadState']) === 'not-found') {
    return verdict('down', 'missing', `There is no unit ${name} on this machine.`);
  }
  run.note('unitState', `${active} (${sub})`);
  const pid = Number(service['MainPID'] ?? 0);
  if (pid > 0) run.note('pid', pid);
  run.note('restarts', restarts);
  for (const state of STATES) {
    run.add('systemd_unit_state', state === (active === 'reloading' ? 'active' : active) ? 1 : 0, { name, state });
  }
  if (service['NRestarts'] !== undefined) run.add('systemd_service_restart_total', restarts, { name });
  // Microseconds since 1970.
  const enteredAt = Number(unit['ActiveEnterTimestamp'] ?? 0);
  if (enteredAt > 0) run.add('systemd_unit_start_time_seconds', enteredAt / 1e6, { name });
  const why = `${result === '' || result === 'success' ? '' : `, ${result}`}${exitStatus === 0 ? '' : `, exit status ${String(exitStatus)}`}`;
  switch (active) {
    case 'active':
    case 'reloading':
      return UP;
    case 'activating':
      if (sub === 'auto-restart') {
        return verdict('down', 'restarting', `${name} ends and is started again (${String(restarts)} times${why}). See: journalctl -u ${name}`); // prettier-ignore
      }
      return verdict('unknown', 'starting', `${name} is starting (${sub}).`);
    case 'failed':
      return verdict('down', 'failed', `${name} has failed${why}. See: journalctl -u ${name}`);
    case 'deactivating':
      return verdict('down', 'stopping', `${name} is being stopped (${sub}).`);
    case 'inactive':
      // A service that does its work and ends is inactive between its runs.
      if (word(service['Type']) === 'oneshot' && result === 'success') return UP;
      return verdict('down', 'inactive', `${name} does not run (${sub}). Start it with: systemctl start ${name}`);
  }
  return verdict('unknown', 'state', `${name} is in a state that is not known here: ${active}.`);
}
