import { createCeleryProbe } from './celery/celery-probe.ts';
import { createFlowerProbe } from './celery/flower-probe.ts';
import { createCommandProbe } from './command/command-probe.ts';
import { createDockerProbe } from './docker/docker-probe.ts';
import { createFileProbe } from './file/file-probe.ts';
import { createMongodbProbe } from './mongodb/mongodb-probe.ts';
import { createMysqlProbe } from './mysql/mysql-probe.ts';
import { createPostgresqlProbe } from './postgresql/postgresql-probe.ts';
import { createProcessProbe } from './process/process-probe.ts';
import { createPushProbe } from './push/push-probe.ts';
import { createRabbitmqProbe } from './rabbitmq/rabbitmq-probe.ts';
import { createRedisProbe } from './redis/redis-probe.ts';
import { createSystemdProbe } from './systemd/systemd-probe.ts';

/** What runs the kinds of `config/probe/service-kinds.ts`. */
export const SERVICE_PROBES = {
  redis: createRedisProbe,
  postgresql: createPostgresqlProbe,
  mysql: createMysqlProbe,
  mongodb: createMongodbProbe,
  rabbitmq: createRabbitmqProbe,
  celery: createCeleryProbe,
  flower: createFlowerProbe,
  docker: createDockerProbe,
  systemd: createSystemdProbe,
  process: createProcessProbe,
  file: createFileProbe,
  command: createCommandProbe,
  push: createPushProbe,
} as const;
