import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// Services to watch: each serves about 200 series whose counters move, and a health document. Prints their addresses.
const SERVICES = 5;
const startedAt = Date.now();

function exposition(service: number): string {
  const seconds = (Date.now() - startedAt) / 1000;
  const lines = ['# HELP app_requests_total Requests.', '# TYPE app_requests_total counter'];
  for (let route = 0; route < 30; route += 1) {
    for (const status of ['200', '404', '500']) {
      const value = Math.floor(seconds * (route + 1) * (service + 1) * (status === '200' ? 10 : 0.1));
      lines.push(`app_requests_total{route="/api/v1/thing/${String(route)}",status="${status}"} ${String(value)}`);
    }
  }
  lines.push('# HELP app_request_seconds Time taken.', '# TYPE app_request_seconds histogram');
  for (let route = 0; route < 6; route += 1) {
    const total = Math.floor(seconds * (route + 1) * 100);
    for (const le of ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '+Inf'])
      lines.push(
        `app_request_seconds_bucket{route="${String(route)}",le="${le}"} ${String(le === '+Inf' ? total : Math.floor(total * 0.9))}`,
      );
    lines.push(`app_request_seconds_sum{route="${String(route)}"} ${(total * 0.0123).toFixed(6)}`);
    lines.push(`app_request_seconds_count{route="${String(route)}"} ${String(total)}`);
  }
  lines.push('# HELP app_pool_size Things in a pool.', '# TYPE app_pool_size gauge');
  for (let pool = 0; pool < 44; pool += 1)
    lines.push(`app_pool_size{pool="${String(pool)}"} ${(Math.sin(seconds / (pool + 1)) * 100).toFixed(3)}`);
  return `${lines.join('\n')}\n`;
}

const addresses: string[] = [];
for (let service = 0; service < SERVICES; service += 1) {
  const server = createServer((request, response) => {
    if (request.url === '/health') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(exposition(service));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  addresses.push(`127.0.0.1:${String((server.address() as AddressInfo).port)}`);
}
console.log(JSON.stringify(addresses));
