import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import styles from './ServiceDetail.module.css';

type LabelRecord = Readonly<Record<string, string>>;

/** The labels of a target as they were found, beside what relabelling made of them. */
export function LabelsPanel({ discovered, labels }: { discovered: LabelRecord; labels: LabelRecord }) {
  const t = useText();
  const names = [...new Set([...Object.keys(labels), ...Object.keys(discovered)])].sort();
  return (
    <Panel title={t('services.labels')}>
      <div className={styles.tableBox} tabIndex={0} role="group" aria-label={t('services.labels')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('services.labelName')}</th>
              <th scope="col">{t('services.labelDiscovered')}</th>
              <th scope="col">{t('services.labelFinal')}</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={styles.wrap}>{discovered[name]}</td>
                <td className={styles.wrap}>{labels[name]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
