import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApp } from '../../app/app-context.ts';
import { Page } from '../../app/Page.tsx';
import { useText } from '../../i18n/use-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { AboutSection } from './AboutSection.tsx';
import { AppearanceSection } from './AppearanceSection.tsx';
import { ConfigurationSection } from './ConfigurationSection.tsx';
import { DesktopSection } from './DesktopSection.tsx';
import { NotificationSection } from './NotificationSection.tsx';
import { QueryContext } from './Setting.tsx';
import styles from './Settings.module.css';
import { ShortcutSection } from './ShortcutSection.tsx';
import { StorageSection } from './StorageSection.tsx';

/** Everything that can be set, on one page that can be searched; each change applies at once. */
export function SettingsPage() {
  const t = useText();
  const { api } = useApp();
  const [query, setQuery] = useState('');
  const capabilities = useQuery(api.settings.get.queryOptions({ staleTime: Infinity })).data?.capabilities;
  return (
    <Page title={t('nav.settings')} search={{ label: t('settings.search'), value: query, onChange: setQuery }}>
      <QueryContext value={query.trim().toLowerCase()}>
        <div className={styles.page}>
          {capabilities?.mayWrite === false && <p className={styles.readOnly}>{t('settings.readOnly')}</p>}
          <AppearanceSection />
          <NotificationSection />
          {capabilities?.desktop === true && <DesktopSection capabilities={capabilities} />}
          <ConfigurationSection mayWrite={capabilities?.mayWrite ?? false} />
          <StorageSection />
          <ShortcutSection />
          <AboutSection />
          <div className={styles.nothing}>
            <Notice title={t('settings.nothing', { query })} />
          </div>
        </div>
      </QueryContext>
    </Page>
  );
}
