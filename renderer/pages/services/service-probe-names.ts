/** Names of products, the same in every language. */
export const SERVICE_PROBE_NAMES: Readonly<Record<string, string>> = {
  redis: 'Redis',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mongodb: 'MongoDB',
  rabbitmq: 'RabbitMQ',
  celery: 'Celery',
  flower: 'Flower',
  docker: 'Docker',
  systemd: 'systemd',
};
