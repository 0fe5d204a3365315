import { RE2JS } from 're2js';
import type { IncomingHttpHeaders } from 'node:http';
import type { HeaderRule, HttpCheckConfig } from '../../config/index.ts';
import type { Reason } from './probe.ts';

/** What is wrong with the words of an answer: its headers, then its body; null when nothing is. */
export function findTextFault(
  { headers, text }: { readonly headers: IncomingHttpHeaders; readonly text: string },
  config: HttpCheckConfig,
  name: string,
): Reason | null {
  const { keyword, keywordAbsent } = config;
  const fault = (code: string, message: string): Reason => ({ code, message });
  for (const rule of config.headerMatchesNot) {
    const said = judgeHeader(headers, rule, false);
    if (said !== null) return fault('header', `In the answer of ${name}, the header ${rule.header} ${said}.`);
  }
  for (const rule of config.headerMatches) {
    const said = judgeHeader(headers, rule, true);
    if (said !== null) return fault('header', `In the answer of ${name}, the header ${rule.header} ${said}.`);
  }
  if (keyword !== null && !text.includes(keyword)) {
    return fault('keyword', `The answer of ${name} does not contain "${keyword}".`);
  }
  if (keywordAbsent !== null && text.includes(keywordAbsent)) {
    return fault('keyword', `The answer of ${name} contains "${keywordAbsent}".`);
  }
  const forbidden = config.bodyMatchesNot.find((pattern) => finds(pattern, text));
  if (forbidden !== undefined) return fault('regexp', `The answer of ${name} matches ${forbidden}.`);
  const missing = config.bodyMatches.find((pattern) => !finds(pattern, text));
  return missing === undefined ? null : fault('regexp', `The answer of ${name} does not match ${missing}.`);
}

/** A header that is missing breaks a rule of either kind, unless it may be. Source: blackbox_exporter, `http` prober. */
function judgeHeader(headers: IncomingHttpHeaders, rule: HeaderRule, mustMatch: boolean): string | null {
  const given = headers[rule.header.toLowerCase()];
  const values = given === undefined ? [] : [given].flat();
  if (values.length === 0) return rule.allowMissing ? null : 'is missing';
  const isFound = values.some((value) => finds(rule.pattern, value));
  if (isFound === mustMatch) return null;
  return mustMatch ? `does not match ${rule.pattern}` : `matches ${rule.pattern}`;
}

function finds(pattern: string, text: string): boolean {
  return RE2JS.compile(pattern).matcher(text).find();
}
