import type { Message } from 'dbus-native';

export interface BusSignal {
  readonly member: string;
  readonly body: readonly unknown[];
}

export interface SessionBusOptions {
  /** Such as `unix:path=/run/user/1000/bus`. */
  readonly address: string;
  readonly onSignal: (signal: BusSignal) => void;
  /** The connection is gone. */
  readonly onEnd: () => void;
}

/** A connection to the session bus. */
export interface SessionBus {
  /** Call a method; gives what it answers, one value per type of its signature. @throws the words of the bus */
  call(
    service: string,
    path: string,
    interfaceName: string,
    member: string,
    signature?: string,
    body?: readonly unknown[],
  ): Promise<readonly unknown[]>;
  /** Hear the signals that a match rule names. */
  follow(rule: string): Promise<void>;
  close(): void;
}

const CALL_TIMEOUT_MS = 5_000;

/** @throws when nobody answers there */
export async function openSessionBus({ address, onSignal, onEnd }: SessionBusOptions): Promise<SessionBus> {
  const { sessionBus, messageType } = await import('dbus-native');
  const bus = sessionBus({ busAddress: address, timeout: CALL_TIMEOUT_MS });
  const { connection } = bus;
  const call = (message: Message): Promise<readonly unknown[]> =>
    new Promise((resolve, reject) => {
      bus.invoke(message, (error, ...values: unknown[]) => {
        // It gives null and undefined alike for no error.
        if (!error) resolve(values);
        else reject(error);
      });
    });
  const failed = new Promise<never>((_resolve, reject) => {
    connection.on('error', reject);
    connection.on('close', (cause) => {
      reject(cause ?? new Error('the session bus closed the connection'));
      onEnd();
    });
  });
  // Once it is open, calls tell by themselves that it ended.
  failed.catch(() => undefined);
  connection.on('message', ({ type, member, body }) => {
    if (type === messageType.signal && member !== undefined) onSignal({ member, body: body ?? [] });
  });
  const daemon = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
  };
  await Promise.race([call({ ...daemon, member: 'GetId' }), failed]);
  return {
    call: (destination, path, interfaceName, member, signature, body) =>
      call({
        destination,
        path,
        interface: interfaceName,
        member,
        ...(signature === undefined ? {} : { signature, body: [...(body ?? [])] }),
      }),
    async follow(rule) {
      await call({ ...daemon, member: 'AddMatch', signature: 's', body: [rule] });
    },
    close() {
      connection.end();
    },
  };
}
