import type { RuleForm } from './rule-form.ts';
import { durationText, overWindow } from './promql-text.ts';

/**
 * Now against the same time of the previous days or weeks: mean ± k · stddev of the seasons. The oldest has to be there,
 * since the deviation of one season alone is 0 and every reading would be outside.
 */
export function seasonalExpression(form: RuleForm & { kind: 'seasonal' }): string {
  const { subject, seasonMs, seasons, windowMs, deviations, marginPercent, direction } = form;
  const present = `avg_over_time(${overWindow(subject, windowMs)})`;
  const past = Array.from({ length: seasons }, (_, index) => {
    const offsetMs = seasonMs * (index + 1);
    const average = `avg_over_time(${overWindow(subject, windowMs, offsetMs)})`;
    return `label_replace(${average}, "season", ${JSON.stringify(durationText(offsetMs))}, "", "")`;
  }).join('\n    or ');
  const over = (aggregate: string): string => `${aggregate} without (season) (\n    ${past}\n  )`;
  const width = [
    `  ${String(deviations)} * ${over('stddev')}`,
    ...(marginPercent > 0 ? [`  + ${String(marginPercent / 100)} * abs(${over('avg')})`] : []),
  ].join('\n');
  const oldest = `avg_over_time(${overWindow(subject, windowMs, seasonMs * seasons)})`;
  const mean = over('avg');
  const [open, distance] = (
    {
      above: ['(', `  ${present}\n  - ${mean}`],
      below: ['(', `  ${mean}\n  - ${present}`],
      both: ['abs(', `  ${present}\n  - ${mean}`],
    } as const
  )[direction];
  return `${open}\n${distance}\n)\n> (\n${width}\n)\nand ${oldest}`;
}
