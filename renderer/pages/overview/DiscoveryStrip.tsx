import { useQuery, useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import type { Finding } from '../../../shared/contract/config.ts';
import { useApp } from '../../app/app-context.ts';
import { useLook } from '../../app/look.ts';
import { usePreferences } from '../../app/use-preferences.ts';
import { useMayWrite } from '../../app/use-status.ts';
import { useTestPopup } from '../../app/use-test-popup.ts';
import { useWrite } from '../../app/use-write.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Switch } from '../../ui/Switch.tsx';
import styles from './Overview.module.css';

const DISMISSED = 'vedette.discovery.dismissed';
/** What is asked nothing that could disturb it: exporters, health pages and files made for being read. */
const SAFE: ReadonlySet<Finding['kind']> = new Set(['exporter', 'health', 'log']);

/** What was found on this machine and is not watched yet, each with a switch. Nothing is asked outside of loopback. */
export function DiscoveryStrip() {
  const t = useText();
  const { api, client } = useApp();
  const queries = useQueryClient();
  const mayWrite = useMayWrite();
  const testPopup = useTestPopup();
  const [dismissed, setDismissed] = useState(() => localStorage.getItem(DISMISSED) ?? '');
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [justAdded, setJustAdded] = useState(0);
  const scan = useQuery(
    api.discovery.scan.queryOptions({ enabled: mayWrite === true, staleTime: 60_000, refetchOnWindowFocus: false }),
  );
  const watch = useWrite(async (ids: string[]) => client.discovery.watch({ ids }), {
    onSuccess: ({ added }) => {
      setJustAdded(added);
      void queries.invalidateQueries({ queryKey: api.discovery.scan.key() });
      void queries.invalidateQueries({ queryKey: api.services.key() });
    },
  });
  const found = scan.data?.filter(({ watched, adds }) => !watched && adds !== 'none') ?? [];
  const signature = found.map(({ id }) => id).join(' ');
  if ((found.length === 0 || dismissed === signature) && justAdded === 0) return null;

  const isOn = (finding: Finding): boolean => changed.get(finding.id) ?? SAFE.has(finding.kind);
  const selected = found.filter(isOn).map(({ id }) => id);
  const dismiss = (): void => {
    localStorage.setItem(DISMISSED, signature);
    setDismissed(signature);
    setJustAdded(0);
  };
  return (
    <section className={styles.strip} aria-label={t('discovery.title')}>
      <header className={styles.stripHead}>
        <h2>
          {justAdded > 0 ? t('discovery.added', { count: justAdded }) : t('discovery.found', { count: found.length })}
        </h2>
        <LanguageSwitch />
        <IconButton label={t('discovery.dismiss')} icon={<X size={14} />} onClick={dismiss} />
      </header>
      <ul className={styles.findings}>
        {found.map((finding) => (
          <li key={finding.id} className={styles.finding}>
            <Switch
              label={t('discovery.watch', { name: `${finding.title} ${finding.address}` })}
              checked={isOn(finding)}
              onChange={(on) => {
                setChanged(new Map(changed).set(finding.id, on));
              }}
            />
            <span className={styles.findingText} title={finding.evidence}>
              <strong>{finding.title}</strong> <span className="muted">{finding.address}</span>
              <span className={styles.evidence}>{finding.evidence}</span>
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.stripActions}>
        {found.length > 0 && (
          <Button
            look="primary"
            disabled={selected.length === 0 || watch.isPending}
            onClick={() => {
              watch.mutate(selected);
            }}
          >
            {t('discovery.watchSelected', { count: selected.length })}
          </Button>
        )}
        <Button
          disabled={testPopup.isPending}
          onClick={() => {
            testPopup.mutate(undefined);
          }}
        >
          {t('command.testPopup')}
        </Button>
      </div>
    </section>
  );
}

function LanguageSwitch() {
  const { language } = useLook();
  const { change } = usePreferences();
  return (
    <Button
      look="quiet"
      lang={language === 'en' ? 'zh-CN' : 'en'}
      onClick={() => {
        change({ language: language === 'en' ? 'zh-CN' : 'en' });
      }}
    >
      {language === 'en' ? '中文' : 'English'}
    </Button>
  );
}
