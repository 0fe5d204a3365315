import type { QuietHours } from '../../../shared/model/quiet-hours.ts';
import { useLook } from '../../app/look.ts';
import { usePreferences } from '../../app/use-preferences.ts';
import { useText } from '../../i18n/use-text.ts';
import { Select } from '../../ui/Select.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { TextField } from '../../ui/TextField.tsx';
import styles from './QuietHoursSetting.module.css';
import { Setting } from './Setting.tsx';

const LETS: readonly QuietHours['letThrough'][] = ['critical', 'error', 'warning', 'none'];
const COVERS: readonly QuietHours['covers'][] = ['popups', 'all'];
/** The week from Monday on; 0 is Sunday. */
const WEEK = [1, 2, 3, 4, 5, 6, 0];
/** A Sunday, from which the names of the days are counted. */
const SUNDAY_MS = Date.UTC(2026, 0, 4);
const DAY_MS = 86_400_000;

/** When nobody wants to be told, and what is told all the same. */
export function QuietHoursSetting() {
  const t = useText();
  const { language } = useLook();
  const { preferences, change } = usePreferences();
  const quiet = preferences.quietHours;
  const set = (part: Partial<QuietHours>): void => {
    change({ quietHours: { ...quiet, ...part } });
  };
  const dayName = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' });
  return (
    <Setting label={t('settings.quietHours')} hint={t('settings.quietHoursHint')} wide>
      <div className={styles.box}>
        <Switch
          label={t('settings.quietHours')}
          checked={quiet.enabled}
          onChange={(enabled) => {
            set({ enabled });
          }}
        />
        <span>{t('settings.quietFrom')}</span>
        <TextField
          label={t('settings.quietFrom')}
          type="time"
          required
          value={quiet.start}
          onChange={(start) => {
            if (start !== '') set({ start });
          }}
        />
        <span>{t('settings.quietTo')}</span>
        <TextField
          label={t('settings.quietTo')}
          type="time"
          required
          value={quiet.end}
          onChange={(end) => {
            if (end !== '') set({ end });
          }}
        />
        <fieldset className={styles.days}>
          <legend className="visually-hidden">{t('settings.quietDays')}</legend>
          {WEEK.map((day) => (
            <label key={day} className={styles.day}>
              <input
                type="checkbox"
                checked={quiet.weekdays.includes(day)}
                onChange={({ target: { checked } }) => {
                  const others = quiet.weekdays.filter((one) => one !== day);
                  set({ weekdays: checked ? [...others, day].sort() : others });
                }}
              />
              {dayName.format(new Date(SUNDAY_MS + day * DAY_MS))}
            </label>
          ))}
        </fieldset>
        <span className={styles.pair}>
          {t('settings.quietLets')}
          <Select
            label={t('settings.quietLets')}
            value={quiet.letThrough}
            options={LETS.map((value) => ({ value, text: t(`settings.quietLets.${value}`) }))}
            onChange={(letThrough) => {
              set({ letThrough });
            }}
          />
        </span>
        <span className={styles.pair}>
          {t('settings.quietCovers')}
          <Select
            label={t('settings.quietCovers')}
            value={quiet.covers}
            options={COVERS.map((value) => ({ value, text: t(`settings.quietCovers.${value}`) }))}
            onChange={(covers) => {
              set({ covers });
            }}
          />
        </span>
      </div>
    </Setting>
  );
}
