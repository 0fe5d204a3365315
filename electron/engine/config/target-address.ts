import { isIPv6 } from 'node:net';
import { problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';

/** Report a target that is no `host` or `host:port`. Source: Prometheus manual, `<host>`. */
export function checkTarget(target: string, place: Place, findings: Findings): void {
  const complaint = complaintAbout(target);
  if (complaint === null) return;
  findings.problems.push(problemAt(place, `"${target}" is not a target address: ${complaint}.`, remedyFor(target)));
}

/** What is wrong with an address; null when nothing is. */
export function complaintAbout(target: string): string | null {
  if (target === '') return 'it is empty';
  if (target.includes('/')) return 'it holds a slash';
  if (/[\s@?#,]/.test(target)) return 'it holds a character that no host name has';
  const [, bracketed, name, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(target) ?? [];
  if (bracketed === undefined && name === undefined) return 'an IPv6 address needs brackets';
  if (bracketed !== undefined && !isIPv6(bracketed.split('%')[0] ?? ''))
    return 'the part in brackets is no IPv6 address';
  if (name === '') return 'the host is missing';
  if (port !== undefined && !isPort(port)) return 'the port is not a number from 1 to 65535';
  return null;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

function remedyFor(target: string): string {
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return 'Write host:port, such as localhost:9100.';
  const url = new URL(target);
  const path = url.pathname === '/' ? '' : ` and metrics_path: ${url.pathname}`;
  return `Write ${url.host}, with scheme: ${url.protocol.slice(0, -1)}${path} beside static_configs.`;
}
