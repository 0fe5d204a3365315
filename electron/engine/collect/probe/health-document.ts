/** How a service says it is, in one vocabulary for all formats. */
export type HealthState = 'ok' | 'degraded' | 'down' | 'unknown';

export type HealthFormat = 'health+json' | 'actuator' | 'aspnet' | 'microprofile' | 'terminus' | 'kubernetes';

/** A health document, read. */
export interface HealthDocument {
  readonly format: HealthFormat;
  /** What the document says of the whole; where it says nothing, the worst of its components. */
  readonly state: HealthState;
  readonly components: readonly HealthComponent[];
  /** Numbers that it measured. */
  readonly observations: readonly HealthObservation[];
}

export interface HealthComponent {
  /** Nested names are joined by `/`. */
  readonly name: string;
  readonly state: HealthState;
  readonly message: string | null;
}

export interface HealthObservation {
  readonly component: string;
  readonly measurement: string;
  readonly value: number;
  readonly unit: string;
}

/**
 * Recognise and read the health document that an answer may be; null when it is none. The HTTP status plays no part: a
 * 503 is read as well, and a 200 may say "degraded".
 *
 * Formats: draft-inadarei-api-health-check-06, Spring Boot Actuator, ASP.NET Core (text and UIResponseWriter),
 * MicroProfile Health (Quarkus), Terminus (NestJS), the `[+]name ok` lines of Kubernetes and go-health.
 */
export function readHealthDocument(contentType: string, body: string): HealthDocument | null {
  const text = body.trim();
  if (text.startsWith('{')) return readJson(contentType, text);
  return readAspNetText(text) ?? readLines(text);
}

type Fields = Readonly<Record<string, unknown>>;

const PASS_WORDS: Readonly<Record<string, HealthState>> = {
  pass: 'ok',
  ok: 'ok',
  up: 'ok',
  warn: 'degraded',
  fail: 'down',
  error: 'down',
  down: 'down',
};
const UP_WORDS: Readonly<Record<string, HealthState>> = {
  UP: 'ok',
  DOWN: 'down',
  OUT_OF_SERVICE: 'down',
  UNKNOWN: 'unknown',
};
const ASPNET_WORDS: Readonly<Record<string, HealthState>> = { Healthy: 'ok', Degraded: 'degraded', Unhealthy: 'down' };
const TERMINUS_WORDS: Readonly<Record<string, HealthState>> = { ok: 'ok', error: 'down', shutting_down: 'down' };

function readJson(contentType: string, text: string): HealthDocument | null {
  const document = fieldsOf(parseJson(text));
  const status = document?.['status'];
  if (!document || typeof status !== 'string') return null;
  if (status in ASPNET_WORDS) return readAspNet(document, status);
  if (status in UP_WORDS) return readUpDown(document, status);
  if (status in TERMINUS_WORDS && ('details' in document || 'info' in document)) return readTerminus(document, status);
  const isDeclared = contentType.toLowerCase().includes('health+json');
  const state = PASS_WORDS[status.toLowerCase()];
  if (state !== undefined && (isDeclared || ['pass', 'warn', 'fail'].includes(status.toLowerCase()))) {
    return readHealthJson(document, state);
  }
  // {"status": "ok"} alone is the commonest hand-made health answer; it reads as Terminus's without details.
  return status in TERMINUS_WORDS ? readTerminus(document, status) : null;
}

function readHealthJson(document: Fields, state: HealthState): HealthDocument {
  const components: HealthComponent[] = [];
  const observations: HealthObservation[] = [];
  for (const [key, entries] of entriesOf(document['checks'])) {
    const [component = key, measurement = ''] = splitOnce(key, ':');
    for (const entry of Array.isArray(entries) ? entries.map(fieldsOf) : [fieldsOf(entries)]) {
      if (!entry) continue;
      const word = (textOf(entry['status']) ?? '').toLowerCase();
      components.push({ name: key, state: PASS_WORDS[word] ?? 'unknown', message: textOf(entry['output']) });
      const value = entry['observedValue'];
      const unit = textOf(entry['observedUnit']) ?? '';
      if (typeof value === 'number') observations.push({ component, measurement, value, unit });
    }
  }
  return { format: 'health+json', state, components, observations };
}

/** Actuator and MicroProfile share their words; the latter lists `checks`, the former nests `components` or `details`. */
function readUpDown(document: Fields, status: string): HealthDocument {
  const state = UP_WORDS[status] ?? 'unknown';
  const { checks } = document;
  if (Array.isArray(checks)) {
    const components = checks
      .map(fieldsOf)
      .flatMap((check) => (check ? [componentOf(textOf(check['name']) ?? '', check)] : []));
    return { format: 'microprofile', state, components, observations: [] };
  }
  return { format: 'actuator', state, components: actuatorComponents(document, ''), observations: [] };
}

function actuatorComponents(document: Fields, prefix: string): HealthComponent[] {
  return entriesOf(document['components'] ?? document['details']).flatMap(([key, value]) => {
    const part = fieldsOf(value);
    if (!part || typeof part['status'] !== 'string') return [];
    const name = `${prefix}${key}`;
    return [componentOf(name, part), ...actuatorComponents(part, `${name}/`)];
  });
}

function componentOf(name: string, part: Fields): HealthComponent {
  const details = fieldsOf(part['details']) ?? fieldsOf(part['data']);
  const message = textOf(details?.['error']) ?? textOf(details?.['message']);
  return { name, state: UP_WORDS[String(part['status'])] ?? 'unknown', message };
}

function readAspNet(document: Fields, status: string): HealthDocument {
  const components: HealthComponent[] = [];
  const observations: HealthObservation[] = [];
  for (const [name, value] of entriesOf(document['entries'] ?? document['results'])) {
    const entry = fieldsOf(value);
    if (!entry) continue;
    const state = ASPNET_WORDS[String(entry['status'])] ?? 'unknown';
    components.push({ name, state, message: textOf(entry['description']) ?? textOf(entry['exception']) });
    for (const [measurement, number] of entriesOf(entry['data'])) {
      if (typeof number === 'number') observations.push({ component: name, measurement, value: number, unit: '' });
    }
  }
  return { format: 'aspnet', state: ASPNET_WORDS[status] ?? 'unknown', components, observations };
}

function readTerminus(document: Fields, status: string): HealthDocument {
  const source = document['details'] ?? { ...fieldsOf(document['info']), ...fieldsOf(document['error']) };
  const components = entriesOf(source).flatMap(([name, value]): HealthComponent[] => {
    const entry = fieldsOf(value);
    if (!entry || typeof entry['status'] !== 'string') return [];
    const state = PASS_WORDS[entry['status'].toLowerCase()] ?? 'unknown';
    return [{ name, state, message: textOf(entry['message']) }];
  });
  return { format: 'terminus', state: TERMINUS_WORDS[status] ?? 'unknown', components, observations: [] };
}

function readAspNetText(text: string): HealthDocument | null {
  const state = ASPNET_WORDS[text];
  return state === undefined ? null : { format: 'aspnet', state, components: [], observations: [] };
}

function readLines(text: string): HealthDocument | null {
  const components: HealthComponent[] = [];
  for (const line of text.split('\n')) {
    const [, sign, name, rest = ''] = /^\[([+-])\](\S+)\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined) continue;
    const message = sign === '-' ? rest.replace(/^failed:?\s*/, '') : '';
    components.push({ name, state: sign === '+' ? 'ok' : 'down', message: message === '' ? null : message });
  }
  if (components.length === 0) return null;
  return { format: 'kubernetes', state: worstOf(components), components, observations: [] };
}

const SEVERITY: readonly HealthState[] = ['ok', 'unknown', 'degraded', 'down'];

function worstOf(components: readonly HealthComponent[]): HealthState {
  return SEVERITY[Math.max(0, ...components.map(({ state }) => SEVERITY.indexOf(state)))] ?? 'unknown';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(fieldsOf(value) ?? {});
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
