import { guessUnit } from '../../format/guess-unit.ts';
import { useFormat } from '../../format/use-format.ts';
import type { MessageKey } from '../../i18n/en.ts';
import { useText } from '../../i18n/use-text.ts';
import type { Comparison, Condition } from './condition.ts';

const WORDS: Readonly<Record<Comparison, MessageKey>> = {
  '>': 'alerts.above',
  '>=': 'alerts.atLeast',
  '<': 'alerts.below',
  '<=': 'alerts.atMost',
  '==': 'alerts.equals',
  '!=': 'alerts.differs',
};

/** A condition in words: "`node_load1` is above 5 for 5 min". */
export function ConditionText({ condition, forMs }: { condition: Condition; forMs: number }) {
  const t = useText();
  const format = useFormat();
  const limit = format.value(condition.limit, guessUnit(condition.subject));
  return (
    <>
      <code>{condition.subject}</code> {t(WORDS[condition.comparison], { limit })}
      {forMs > 0 && ` ${t('alerts.for', { time: format.duration(forMs) })}`}
    </>
  );
}

/** The value of an alert beside its limit: `87.4 % > 80 %`. */
export function ValueAgainstLimit({ value, condition }: { value: number; condition: Condition | null }) {
  const format = useFormat();
  if (condition === null) return <b>{format.number(value)}</b>;
  const unit = guessUnit(condition.subject);
  const sign = { '>': '>', '<': '<', '>=': '≥', '<=': '≤', '==': '=', '!=': '≠' }[condition.comparison];
  return (
    <>
      <b>{format.value(value, unit)}</b>{' '}
      <span className="muted">
        {sign} {format.value(condition.limit, unit)}
      </span>
    </>
  );
}
