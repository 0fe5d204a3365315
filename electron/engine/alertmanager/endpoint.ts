/** A request to Alertmanager's API v2. */
export interface AlertmanagerRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v2/`: `alerts`, `silence/ID`. */
  readonly path: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  /** The body, read as JSON; undefined where there is none. */
  readonly body: unknown;
}

export interface AlertmanagerReply {
  readonly status: number;
  /** JSON; '' where the answer is its status alone. */
  readonly body: string;
}

/** What an HTTP server needs to offer Alertmanager's API. */
export interface AlertmanagerPort {
  ask(request: AlertmanagerRequest): AlertmanagerReply;
}

export function answer(value: unknown): AlertmanagerReply {
  return { status: 200, body: JSON.stringify(value) };
}

/** A failure in words. Source: Alertmanager's OpenAPI document: a JSON string. */
export function refusal(status: number, message: string): AlertmanagerReply {
  return { status, body: JSON.stringify(message) };
}

/** A request that cannot be answered as it is; its message goes to the caller with status 400. */
export class BadRequest extends Error {}
