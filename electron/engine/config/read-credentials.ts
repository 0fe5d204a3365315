import type { ScrapeConfig, Secret } from './configuration.ts';
import { resolveBeside } from './file-pattern.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import type { RawHttpClient } from './schema/http-client-schema.ts';
import { fileSecret, secretFrom } from './secret.ts';

export type Credentials = Pick<ScrapeConfig, 'basicAuth' | 'authorization'>;

/** How a request shows who it is. At most one way may be configured. */
export function readCredentials(raw: RawHttpClient, place: Place, directory: string, findings: Findings): Credentials {
  checkHttpClient(raw, place, findings);
  const { basic_auth: basic, authorization } = raw;
  const secret = (text: string | undefined, file: string | undefined): Secret | null => {
    if (text !== undefined) return secretFrom(text);
    return file === undefined ? null : fileSecret(resolveBeside(directory, file));
  };
  const token =
    secret(authorization?.credentials, authorization?.credentials_file) ??
    secret(raw.bearer_token, raw.bearer_token_file);
  return {
    basicAuth:
      basic === undefined
        ? null
        : { username: basic.username ?? '', password: secret(basic.password, basic.password_file) ?? secretFrom('') },
    authorization: token === null ? null : { type: authorization?.type?.trim() ?? 'Bearer', credentials: token },
  };
}

/** Report ways to authenticate that exclude each other. Source: Prometheus, `HTTPClientConfig.Validate`. */
export function checkHttpClient(raw: RawHttpClient, place: Place, findings: Findings): void {
  const report = (key: string, message: string, remedy: string): void => {
    findings.problems.push(problemAt(below(place, ...key.split('.')), message, remedy, 'key'));
  };
  const ways = (['basic_auth', 'authorization', 'oauth2', 'bearer_token', 'bearer_token_file'] as const).filter(
    (key) => raw[key] !== undefined,
  );
  if (ways.length > 1) {
    report(ways[1] ?? '', `At most one of ${ways.join(' and ')} may be given.`, 'Remove the others.');
  }
  const { basic_auth: basic, authorization } = raw;
  if (basic?.password !== undefined && basic.password_file !== undefined) {
    report('basic_auth.password_file', 'At most one of password and password_file may be given.', 'Remove one.');
  }
  if (basic?.username !== undefined && basic.username_file !== undefined) {
    report('basic_auth.username_file', 'At most one of username and username_file may be given.', 'Remove one.');
  }
  if (authorization?.credentials !== undefined && authorization.credentials_file !== undefined) {
    report(
      'authorization.credentials_file',
      'At most one of credentials and credentials_file may be given.',
      'Remove one.',
    );
  }
  if (authorization?.type?.trim().toLowerCase() === 'basic') {
    report('authorization.type', 'The type cannot be "basic".', 'Use basic_auth instead.');
  }
}
