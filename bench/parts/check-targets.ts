import { createSocket } from 'node:dgram';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';

// Targets for checks, on every address of this machine: one that answers, one that takes the request and never does, and
// a name server that takes every question and answers none. Prints the ports.
const BODY = JSON.stringify({ status: 'ok' });

const port = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '0.0.0.0', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });

const good = createHttpServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(BODY);
});
const hanging = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.resume();
});
const names = createSocket('udp4');
names.on('message', () => undefined);
await new Promise<void>((resolve) => {
  names.bind(53, '127.77.0.53', resolve);
});
console.log(JSON.stringify({ good: await port(good), hanging: await port(hanging) }));
