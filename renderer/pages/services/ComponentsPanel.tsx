import type { ServiceDetail } from '../../../shared/contract/services.ts';
import { useText } from '../../i18n/use-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import styles from './ServiceDetail.module.css';

/** What the service says about its own parts. */
export function ComponentsPanel({ components }: { components: ServiceDetail['components'] }) {
  const t = useText();
  return (
    <Panel title={t('services.components')}>
      <ul className={styles.components}>
        {components.map(({ name, state, message }) => (
          <li key={name}>
            <StateMark state={state} word />
            <strong>{name}</strong>
            <span className="muted">{message}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
