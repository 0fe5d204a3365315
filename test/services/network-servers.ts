import { createSocket } from 'node:dgram';
import { chownSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PASSWORD, takesConnections } from './databases.ts';
import { runServer, runToEnd } from './run-server.ts';
import type { RunningServer, ServerPlace } from './run-server.ts';

/** Debian's nginx: `/` says hello, `/private` asks for `ann` with {@link PASSWORD}, `/nginx_status` is its stub_status. */
export function startNginx(): Promise<RunningServer> {
  const config = ({ port, folder }: ServerPlace): string => `
    daemon off;
    master_process off;
    pid ${folder}/pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      client_body_temp_path ${folder}/body;
      proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi;
      scgi_temp_path ${folder}/scgi;
      server {
        listen 127.0.0.1:${String(port)};
        location = / { return 200 "hello\\n"; }
        location = /nginx_status { stub_status; }
        location = /private { auth_basic "staff"; auth_basic_user_file ${folder}/users; try_files /private.txt =404; }
        root ${folder};
      }
    }`;
  return runServer({
    program: '/usr/sbin/nginx',
    async prepare(place) {
      const hash = await runToEnd('/usr/bin/openssl', ['passwd', '-apr1', PASSWORD]);
      writeFileSync(join(place.folder, 'users'), `ann:${hash}`);
      writeFileSync(join(place.folder, 'private.txt'), 'for ann\n');
      writeFileSync(join(place.folder, 'nginx.conf'), config(place));
    },
    args: ({ folder }) => ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')],
    isReady: takesConnections,
  });
}

/** Debian's mosquitto, which lets nobody in but `ann` with {@link PASSWORD}. */
export function startMosquitto(): Promise<RunningServer> {
  return runServer({
    program: '/usr/sbin/mosquitto',
    user: 'mosquitto',
    async prepare({ port, folder, account }) {
      const users = join(folder, 'users');
      await runToEnd('/usr/bin/mosquitto_passwd', ['-c', '-b', users, 'ann', PASSWORD]);
      if (account.uid !== undefined) chownSync(users, account.uid, account.gid ?? 0);
      const lines = [`listener ${String(port)} 127.0.0.1`, 'allow_anonymous false', `password_file ${users}`];
      writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
    },
    args: ({ folder }) => ['-c', join(folder, 'mosquitto.conf')],
    isReady: takesConnections,
  });
}

/** Debian's snmpd: the community `watcher` may read, and so may the user `ann` of version 3 with {@link PASSWORD}. */
export function startSnmpd(): Promise<RunningServer> {
  return runServer({
    program: '/usr/sbin/snmpd',
    prepare({ port, folder }) {
      const lines = [
        `agentAddress udp:127.0.0.1:${String(port)}`,
        'rocommunity watcher 127.0.0.1',
        `createUser ann SHA "${PASSWORD}" AES "${PASSWORD}"`,
        'rouser ann priv',
        'sysContact someone@example.org',
      ];
      writeFileSync(join(folder, 'snmpd.conf'), `${lines.join('\n')}\n`);
      return Promise.resolve();
    },
    environment: ({ folder }) => ({ SNMP_PERSISTENT_DIR: folder, SNMPCONFPATH: folder, MIBS: '' }),
    args: ({ folder }) => ['-f', '-Loe', '-C', '-c', join(folder, 'snmpd.conf'), '-p', join(folder, 'pid')],
    isReady: ({ port }) => answersSnmp(port),
  });
}

/** A version 1 question for sysUpTime with the community `watcher`. Source: RFC 1157, 4.1. */
const UPTIME = Buffer.from(
  '302a020100040777617463686572a01c02040000000102010002010030' + '0e300c06082b060102010103000500',
  'hex',
);

function answersSnmp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (isReady: boolean): void => {
      clearTimeout(timer);
      socket.close();
      resolve(isReady);
    };
    const timer = setTimeout(end, 500, false);
    socket.once('message', () => {
      end(true);
    });
    socket.once('error', () => {
      end(false);
    });
    socket.connect(port, '127.0.0.1', () => {
      socket.send(UPTIME);
    });
  });
}

/**
 * A server of Debian's gRPC for Python, with a health service: the server and `good` are serving, `bad` is not, `shy` asks
 * who it is, and any other name is not known.
 */
export function startGrpc(): Promise<RunningServer> {
  return runServer({
    program: '/usr/bin/python3',
    args: ({ port }) => [join(import.meta.dirname, 'grpc-health.py'), String(port)],
    isReady: ({ port }) =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1');
        // It greets with its HTTP/2 settings.
        socket.once('data', () => {
          socket.destroy();
          resolve(true);
        });
        socket.once('connect', () => socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'));
        socket.once('error', () => {
          resolve(false);
        });
      }),
  });
}
