import { celeryKind, flowerKind } from './celery-kind.ts';
import { commandKind } from './command-kind.ts';
import { dockerKind } from './docker-kind.ts';
import { fileKind } from './file-kind.ts';
import { mongodbKind } from './mongodb-kind.ts';
import { mysqlKind } from './mysql-kind.ts';
import { postgresqlKind } from './postgresql-kind.ts';
import { processKind } from './process-kind.ts';
import { pushKind } from './push-kind.ts';
import { rabbitmqKind } from './rabbitmq-kind.ts';
import { redisKind } from './redis-kind.ts';
import { systemdKind } from './systemd-kind.ts';

/** Kinds that ask a service in its own language, or the machine about what runs on it. */
export const SERVICE_KINDS = {
  redis: redisKind,
  postgresql: postgresqlKind,
  mysql: mysqlKind,
  mongodb: mongodbKind,
  rabbitmq: rabbitmqKind,
  celery: celeryKind,
  flower: flowerKind,
  docker: dockerKind,
  systemd: systemdKind,
  process: processKind,
  file: fileKind,
  command: commandKind,
  push: pushKind,
} as const;
