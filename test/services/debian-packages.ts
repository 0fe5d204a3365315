import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What `npm test` runs for real, and the file that shows that it is there. */
const PACKAGES: Readonly<Record<string, string>> = {
  chromium: '/usr/bin/chromium',
  prometheus: '/usr/bin/prometheus',
  'prometheus-node-exporter': '/usr/bin/prometheus-node-exporter',
  'prometheus-blackbox-exporter': '/usr/bin/prometheus-blackbox-exporter',
  'iputils-ping': '/usr/bin/ping',
  'redis-server': '/usr/bin/redis-server',
  dunst: '/usr/bin/dunst',
  'libnotify-bin': '/usr/bin/notify-send',
  'libglib2.0-bin': '/usr/bin/gdbus',
  dbus: '/usr/bin/dbus-daemon',
  'dbus-x11': '/usr/bin/dbus-launch',
  xvfb: '/usr/bin/Xvfb',
  xauth: '/usr/bin/xauth',
  imagemagick: '/usr/bin/import',
  openssl: '/usr/bin/openssl',
  'fonts-noto-cjk': '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
};

/** What `npm run test:conformance` runs beside them; `conformance` as the argument asks for these as well. */
const CONFORMANCE_PACKAGES: Readonly<Record<string, string>> = {
  'prometheus-alertmanager': '/usr/bin/prometheus-alertmanager',
  postgresql: '/usr/share/doc/postgresql/copyright',
  'mariadb-server': '/usr/sbin/mariadbd',
  'rabbitmq-server': '/usr/lib/rabbitmq/bin/rabbitmq-server',
  'nginx-light': '/usr/sbin/nginx',
  mosquitto: '/usr/sbin/mosquitto',
  snmpd: '/usr/sbin/snmpd',
  'python3-grpcio': '/usr/share/doc/python3-grpcio/copyright',
};

/** Install what the tests lack where that is allowed (root with apt); elsewhere say what is missing. */
function main(): number {
  const wanted = process.argv.includes('conformance') ? { ...PACKAGES, ...CONFORMANCE_PACKAGES } : PACKAGES;
  const missingNow = (): string[] => Object.entries(wanted).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
  const missing = missingNow();
  if (missing.length === 0) return 0;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(`The tests need these Debian packages, which are not installed: ${missing.join(', ')}`);
    console.error(`As root: ${command}`);
    return 1;
  }
  console.log(`Installing what the tests need: ${missing.join(', ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const result = spawnSync('sh', ['-c', `(${command}) > /dev/null`], { stdio: 'inherit', env: environment });
  const still = missingNow();
  if (still.length > 0) console.error(`apt-get could not install: ${still.join(', ')}`);
  return result.status === 0 && still.length === 0 ? 0 : 1;
}

process.exitCode = main();
