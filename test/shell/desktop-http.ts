import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DoubleApp } from '../doubles/electron/start-double.ts';
import { until } from '../e2e/until.ts';

/** Call the application over HTTP with its token, as the command line does. */
export async function callDesktop(
  app: DoubleApp,
  dataDirectory: string,
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
): Promise<unknown> {
  const url = await until('the HTTP address', () => /Listening on (\S+)/.exec(app.output())?.[1] ?? '');
  const token = readFileSync(join(dataDirectory, 'token'), 'utf8').trim();
  const response = await fetch(`${url}/api/vedette/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response.json();
}
