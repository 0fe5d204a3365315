import * as z from 'zod';
import { read, write } from './procedure.ts';

/** What stands between the braces of `${keychain:NAME}`. */
export const secretName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,100}$/, 'Letters, digits, ".", "_" and "-", at most 100 of them.');

const named = z.object({ name: secretName });

/** Secrets of the desktop's keychain. A value goes in and never comes out. */
export const secrets = {
  list: read
    .route({ method: 'GET', path: '/secrets', summary: 'Names of the secrets in the keychain; never their values' })
    .output(z.array(z.string())),
  set: write
    .route({ method: 'PUT', path: '/secrets/{name}', summary: 'Store a secret, or replace it' })
    .input(named.extend({ value: z.string().min(1).max(10_000) }))
    .output(named),
  remove: write
    .route({ method: 'DELETE', path: '/secrets/{name}', summary: 'Forget a secret' })
    .input(named)
    .output(named),
};
