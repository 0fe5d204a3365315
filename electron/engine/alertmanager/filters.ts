import { RE2JS, RE2JSException } from 're2js';
import { compileMatchers, type LabelTest } from '../alert/route/index.ts';
import { parseMatchers } from '../config/index.ts';
import { BadRequest } from './endpoint.ts';

export type Params = Readonly<Record<string, readonly string[]>>;

/** The `filter` parameters as one test; each holds a matcher, and all must match. @throws BadRequest */
export function labelFilter(params: Params): LabelTest {
  const matchers = (params['filter'] ?? []).flatMap((text) => {
    const reading = parseMatchers(text);
    if (!reading.ok) throw new BadRequest(reading.message);
    return reading.value;
  });
  return compileMatchers(matchers);
}

/** The `receiver` parameter, a pattern over the whole name. @throws BadRequest */
export function receiverFilter(params: Params): (name: string) => boolean {
  const text = params['receiver']?.[0] ?? '';
  if (text === '') return () => true;
  try {
    const pattern = RE2JS.compile(`^(?:${text})$`);
    return (name) => pattern.matches(name);
  } catch (error) {
    if (error instanceof RE2JSException) throw new BadRequest(`failed to parse receiver param: ${error.message}`);
    throw error;
  }
}

/** A parameter that is true unless it says false. @throws BadRequest */
export function flag(params: Params, name: string): boolean {
  const text = params[name]?.[0] ?? 'true';
  if (/^(?:true|1|t|yes|on)$/i.test(text)) return true;
  if (/^(?:false|0|f|no|off)$/i.test(text)) return false;
  throw new BadRequest(`${name} in query must be of type boolean: ${JSON.stringify(text)}`);
}
