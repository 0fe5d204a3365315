import type { Matcher } from '../../../../../shared/model/matcher.ts';

/** Where a node stands in the text: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

export type Aggregator =
  | 'sum'
  | 'avg'
  | 'count'
  | 'min'
  | 'max'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'count_values'
  | 'quantile'
  | 'limitk'
  | 'limit_ratio';

/** A length of time in a query: seconds, or arithmetic that may ask for the step or the range of the query. */
export type Duration =
  | { readonly kind: 'seconds'; readonly seconds: number; readonly span: Span }
  | { readonly kind: 'step' | 'range'; readonly span: Span }
  | { readonly kind: 'negate'; readonly operand: Duration; readonly span: Span }
  | {
      readonly kind: 'combine';
      readonly operator: '+' | '-' | '*' | '/' | '%' | '^' | 'min_of' | 'max_of';
      readonly left: Duration;
      readonly right: Duration;
      readonly span: Span;
    };

/** The `@` modifier: a fixed time in epoch milliseconds, or an end of the query. */
export type At = { readonly kind: 'time'; readonly timeMs: number } | { readonly kind: 'start' | 'end' };

/** What selectors and subqueries share: where in time they look. */
export interface Shift {
  readonly offset: Duration | null;
  readonly at: At | null;
}

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  /** Written as a duration (`5m`), which counts as seconds. */
  readonly isDuration: boolean;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly span: Span;
}

/** What a selector takes from beyond its window: the sample at its edge, or what lies between two samples there. */
export type WindowEdge = 'anchored' | 'smoothed';

export interface VectorSelector extends Shift {
  readonly kind: 'selector';
  /** The name written before the braces, `''` without one. It is among `matchers` too. */
  readonly name: string;
  readonly matchers: readonly Matcher[];
  readonly edge: WindowEdge | null;
  readonly span: Span;
}

export interface MatrixSelector {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  readonly range: Duration;
  readonly span: Span;
}

export interface Subquery extends Shift {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly range: Duration;
  /** `null` stands for the global evaluation interval. */
  readonly step: Duration | null;
  readonly span: Span;
}

export interface Paren {
  readonly kind: 'paren';
  readonly expr: Expr;
  readonly span: Span;
}

export interface Unary {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expr: Expr;
  readonly span: Span;
}

/** How the series of two vectors find each other. */
export interface Matching {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly group: 'none' | 'left' | 'right';
  readonly include: readonly string[];
}

/** The values that stand for series which one side of an operation lacks; `null` where such series are left out. */
export interface Fill {
  readonly left: number | null;
  readonly right: number | null;
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  readonly returnBool: boolean;
  /** `null` where no `on` or `ignoring` is written. */
  readonly matching: Matching | null;
  readonly fill: Fill | null;
  /** The text of the operator with its modifiers. */
  readonly operatorSpan: Span;
  readonly span: Span;
}

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly operator: Aggregator;
  readonly expr: Expr;
  readonly parameter: Expr | null;
  readonly grouping: readonly string[];
  readonly without: boolean;
  readonly span: Span;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
  readonly span: Span;
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Paren
  | Unary
  | Binary
  | Aggregate
  | Call;

/** The expressions that an expression is made of, in the order in which they are written. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
    case 'matrix':
      return [];
    case 'paren':
    case 'unary':
    case 'subquery':
      return [expr.expr];
    case 'binary':
      return [expr.left, expr.right];
    case 'aggregate':
      return expr.parameter === null ? [expr.expr] : [expr.parameter, expr.expr];
    case 'call':
      return expr.args;
  }
}

/** The expression inside any parentheses. */
export function withoutParens(expr: Expr): Expr {
  return expr.kind === 'paren' ? withoutParens(expr.expr) : expr;
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SETS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return COMPARISONS.has(operator);
}

export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return SETS.has(operator);
}

export function isArithmetic(operator: BinaryOperator): operator is ArithmeticOperator {
  return !isComparison(operator) && !isSetOperator(operator);
}
