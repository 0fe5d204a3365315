import { METRIC_NAME } from '../../../../../shared/model/labels.ts';
import type { Aggregate, At, Binary, Duration, Expr, Fill, Matching, Shift, VectorSelector } from './expr.ts';
import { formatGoFloat, formatPromDuration } from './go-number.ts';
import { quoteGo } from './go-text.ts';

const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The canonical text of an expression, on one line. Source: Prometheus, promql/parser/printer.go. */
export function formatExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return formatNumber(expr.value, expr.isDuration);
    case 'string':
      return quoteGo(expr.value);
    case 'selector':
      return formatSelector(expr) + formatShift(expr) + formatEdge(expr);
    case 'matrix':
      return `${formatSelector(expr.selector)}[${formatDuration(expr.range)}]${formatEdge(expr.selector)}${formatShift(expr.selector)}`;
    case 'subquery': {
      const step = expr.step === null ? '' : formatDuration(expr.step);
      return `${formatExpr(expr.expr)}[${formatDuration(expr.range)}:${step}]${formatShift(expr)}`;
    }
    case 'paren':
      return `(${formatExpr(expr.expr)})`;
    case 'unary':
      return expr.operator + formatExpr(expr.expr);
    case 'binary':
      return `${formatExpr(expr.left)} ${formatOperator(expr)} ${formatExpr(expr.right)}`;
    case 'aggregate':
      return formatAggregate(expr);
    case 'call':
      return `${expr.name}(${expr.args.map(formatExpr).join(', ')})`;
  }
}

function formatNumber(value: number, isDuration: boolean): string {
  if (isDuration) return formatPromDuration(Math.round(value * 1000));
  return formatGoFloat(value);
}

function formatEdge({ edge }: VectorSelector): string {
  return edge === null ? '' : ` ${edge}`;
}

function formatSelector({ name, matchers }: VectorSelector): string {
  const shown = name === '' ? matchers : matchers.filter((matcher) => matcher.name !== METRIC_NAME);
  const parts = shown.map((matcher) => {
    if (matcher.name === METRIC_NAME && matcher.operator === '=' && matcher.value !== '') return quoteGo(matcher.value);
    return `${formatLabel(matcher.name)}${matcher.operator}${quoteGo(matcher.value)}`;
  });
  return parts.length === 0 && name !== '' ? name : `${name}{${parts.join(',')}}`;
}

function formatLabel(name: string): string {
  return PLAIN_LABEL.test(name) ? name : quoteGo(name);
}

function formatLabels(labels: readonly string[]): string {
  return `(${labels.map(formatLabel).join(', ')})`;
}

function formatShift({ at, offset }: Shift): string {
  return (at === null ? '' : ` @ ${formatAt(at)}`) + (offset === null ? '' : ` offset ${formatOffset(offset)}`);
}

function formatAt(at: At): string {
  return at.kind === 'time' ? (at.timeMs / 1000).toFixed(3) : `${at.kind}()`;
}

function formatOffset(offset: Duration): string {
  if (offset.kind === 'combine' && !offset.operator.includes('_')) return `(${formatDuration(offset)})`;
  return formatDuration(offset);
}

function formatDuration(duration: Duration): string {
  switch (duration.kind) {
    case 'seconds':
      return formatPromDuration(Math.round(duration.seconds * 1000));
    case 'step':
    case 'range':
      return `${duration.kind}()`;
    case 'negate':
      return `-${nested(duration.operand)}`;
    case 'combine': {
      const { operator, left, right } = duration;
      if (operator === 'min_of' || operator === 'max_of') {
        return `${operator}(${formatDuration(left)}, ${formatDuration(right)})`;
      }
      return `${nested(left)} ${operator} ${nested(right)}`;
    }
  }
}

function nested(duration: Duration): string {
  const text = formatDuration(duration);
  return duration.kind === 'combine' && !duration.operator.includes('_') ? `(${text})` : text;
}

function formatOperator({ operator, returnBool, matching, fill }: Binary): string {
  return `${operator}${returnBool ? ' bool' : ''}${formatMatching(matching)}${formatFill(fill)}`;
}

function formatMatching(matching: Matching | null): string {
  if (matching === null) return '';
  let text = '';
  if (matching.on || matching.labels.length > 0 || matching.group !== 'none') {
    text += ` ${matching.on ? 'on' : 'ignoring'} ${formatLabels(matching.labels)}`;
  }
  if (matching.group !== 'none') text += ` group_${matching.group} ${formatLabels(matching.include)}`;
  return text;
}

function formatFill(fill: Fill | null): string {
  if (fill === null) return '';
  const { left, right } = fill;
  if (left !== null && Object.is(left, right)) return ` fill (${formatGoFloat(left)})`;
  const sides = [
    left === null ? '' : ` fill_left (${formatGoFloat(left)})`,
    right === null ? '' : ` fill_right (${formatGoFloat(right)})`,
  ];
  return sides.join('');
}

function formatAggregate({ operator, without, grouping, parameter, expr }: Aggregate): string {
  const modifier = without
    ? ` without ${formatLabels(grouping)} `
    : grouping.length > 0
      ? ` by ${formatLabels(grouping)} `
      : '';
  const inner = parameter === null ? formatExpr(expr) : `${formatExpr(parameter)}, ${formatExpr(expr)}`;
  return `${operator}${modifier}(${inner})`;
}
