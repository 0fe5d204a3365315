import type { Matcher } from '../../../shared/model/matcher.ts';

/** `team="core"`, as a file has it. */
export function describeMatcher(matcher: Matcher): string {
  return `${matcher.name}${matcher.operator}${JSON.stringify(matcher.value)}`;
}
