import type { ServiceDetail } from '../../../shared/contract/services.ts';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { detailName, probeName } from './probe-words.ts';
import styles from './ServiceDetail.module.css';

/** How a check asks, and what it learnt at its last look. */
export function DetailsPanel({ probe, details }: { probe: string; details: ServiceDetail['details'] }) {
  const t = useText();
  return (
    <Panel title={t('probes.details')}>
      <dl className={styles.pairs}>
        <dt>{t('probes.probe')}</dt>
        <dd>{probeName(probe)}</dd>
        {details.map(({ name, value }, index) => (
          <div key={index} className={styles.pair}>
            <dt>{detailName(name, t)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
