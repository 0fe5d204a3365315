import { Clock } from 'lucide-react';
import { useState } from 'react';
import { DAY_MS, formatDateTime, formatHourMinute } from '../format/time.ts';
import { useFormat } from '../format/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { PRESETS } from '../range/presets.ts';
import { parseTime, resolveRange, type RangeText } from '../range/time-range.ts';
import { useRangeControl } from '../range/use-time-range.ts';
import { Button } from '../ui/Button.tsx';
import { Popover } from '../ui/Popover.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './RangePicker.module.css';

/** The time range of the application: a quick list, or two ends as a person writes them. */
export function RangePicker() {
  const t = useText();
  const { locale } = useFormat();
  const { range, setRange } = useRangeControl();
  const [open, setOpen] = useState(false);
  const preset = PRESETS.find(({ from, to }) => from === range.from && to === range.to);
  const text = preset === undefined ? rangeText(range, locale) : t(preset.label);
  const choose = (next: RangeText): void => {
    setRange(next);
    setOpen(false);
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t('range.title')}
      trigger={
        <Button icon={<Clock size={14} aria-hidden="true" />} aria-label={t('range.button', { range: text })}>
          {text}
        </Button>
      }
    >
      <div className={styles.panel}>
        <ul className={styles.presets} aria-label={t('range.quick')}>
          {PRESETS.map((entry) => (
            <li key={entry.label}>
              <button
                type="button"
                className={styles.preset}
                aria-current={entry === preset ? 'true' : undefined}
                onClick={() => {
                  choose({ from: entry.from, to: entry.to });
                }}
              >
                {t(entry.label)}
              </button>
            </li>
          ))}
        </ul>
        <CustomRange range={range} onChoose={choose} />
      </div>
    </Popover>
  );
}

function CustomRange({ range, onChoose }: { range: RangeText; onChoose: (range: RangeText) => void }) {
  const t = useText();
  const [from, setFrom] = useState(() => editable(range.from));
  const [to, setTo] = useState(() => editable(range.to));
  const [now] = useState(() => Date.now());
  const start = parseTime(from, now);
  const end = parseTime(to, now);
  const wrongOrder = start !== null && end !== null && end - start < 1000;
  return (
    <form
      className={styles.custom}
      onSubmit={(event) => {
        event.preventDefault();
        if (start !== null && end !== null && !wrongOrder) onChoose({ from: from.trim(), to: to.trim() });
      }}
    >
      <h3>{t('range.custom')}</h3>
      <label className={styles.end}>
        <span>{t('range.from')}</span>
        <TextField label={t('range.from')} value={from} onChange={setFrom} aria-invalid={start === null} />
        <span className={styles.meaning}>{start === null ? t('range.unknown') : formatDateTime(start)}</span>
      </label>
      <label className={styles.end}>
        <span>{t('range.to')}</span>
        <TextField label={t('range.to')} value={to} onChange={setTo} aria-invalid={end === null || wrongOrder} />
        <span className={styles.meaning}>
          {end === null ? t('range.unknown') : wrongOrder ? t('range.wrongOrder') : formatDateTime(end)}
        </span>
      </label>
      <p className={styles.help}>{t('range.help')}</p>
      <Button look="primary" type="submit" disabled={start === null || end === null || wrongOrder}>
        {t('range.apply')}
      </Button>
    </form>
  );
}

/** Milliseconds become a date that a person can change. */
function editable(text: string): string {
  if (!/^\d{11,14}$/.test(text)) return text;
  const date = new Date(Number(text));
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, 19).replace('T', ' ');
}

function rangeText(range: RangeText, locale: string): string {
  const { start, end } = resolveRange(range, Date.now());
  const sameDay = end - start < DAY_MS && new Date(start).getDate() === new Date(end).getDate();
  return `${formatDateTime(start)} – ${sameDay ? formatHourMinute(end, locale) : formatDateTime(end)}`;
}
