export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One condition of a selector. Regular expressions are RE2 and anchored at both ends; a missing label counts as `''`. */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}
