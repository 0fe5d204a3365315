import type { WireProblem } from '../../../shared/contract/procedure.ts';
import { useText } from '../../i18n/use-text.ts';
import styles from './Settings.module.css';

/** Problems of a text with their places; a click leads there. */
export function ProblemList({
  problems,
  onOpen,
}: {
  problems: readonly WireProblem[];
  onOpen?: (problem: WireProblem) => void;
}) {
  const t = useText();
  return (
    <ul className={styles.problems}>
      {problems.map((problem, index) => {
        const { file, line, column, message, remedy } = problem;
        const place = line === null ? (file ?? '') : t('settings.place', { line, column: column ?? 1 });
        return (
          <li key={index}>
            {onOpen === undefined || line === null ? (
              <span className={styles.place}>{onOpen === undefined && file !== null ? `${file} ${place}` : place}</span>
            ) : (
              <button
                type="button"
                className={styles.place}
                onClick={() => {
                  onOpen(problem);
                }}
              >
                {place}
              </button>
            )}
            <span>{message}</span> {remedy !== null && <span className="muted">{remedy}</span>}
          </li>
        );
      })}
    </ul>
  );
}
