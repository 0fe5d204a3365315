import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApp } from '../../app/app-context.ts';
import { useStatus } from '../../app/use-status.ts';
import { useWrite } from '../../app/use-write.ts';
import { useFormat } from '../../format/use-format.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice, Loading } from '../../ui/Notice.tsx';
import { ConfigEditor } from './ConfigEditor.tsx';
import { ProblemList } from './ProblemList.tsx';
import { Section, Setting } from './Setting.tsx';
import styles from './Settings.module.css';

/** The files that decide what is watched: which there are, what is wrong with them, and an editor. */
export function ConfigurationSection({ mayWrite }: { mayWrite: boolean }) {
  const t = useText();
  const format = useFormat();
  const { api, client } = useApp();
  const status = useStatus().data;
  const files = useQuery(api.config.files.queryOptions());
  const [chosen, setChosen] = useState<string | null>(null);
  const reload = useWrite(async (_: undefined) => client.system.reload(), { done: () => t('command.reloaded') });
  const problems = [...(status?.configProblems ?? []), ...(status?.configWarnings ?? [])];
  const open = files.data?.find(({ path }) => path === chosen);
  return (
    <Section title={t('settings.configuration')} id="configuration">
      <Setting
        label={t('settings.reload')}
        hint={
          status === undefined
            ? ''
            : t('settings.loadedAt', { time: format.dateTime(status.configLoadedAt), file: status.configFile ?? '—' })
        }
      >
        <Button
          disabled={!mayWrite || reload.isPending}
          onClick={() => {
            reload.mutate(undefined);
          }}
        >
          {t('command.reload')}
        </Button>
      </Setting>
      {problems.length > 0 && (
        <Setting label={t('settings.problems')} wide>
          <ProblemList problems={problems} />
        </Setting>
      )}
      <Setting label={t('settings.files')} hint={t('settings.filesHint')} keywords="yaml prometheus.yml rules" wide>
        {files.data === undefined && files.error === null && <Loading />}
        {files.data === undefined && files.error !== null && (
          <ErrorNotice title={t('settings.filesFailed')} error={files.error} onRetry={() => void files.refetch()} />
        )}
        {files.data?.length === 0 && <p className={styles.hint}>{t('settings.noFiles')}</p>}
        <ul className={styles.files}>
          {files.data?.map(({ path, kind }) => (
            <li key={path}>
              <Button
                pressed={path === chosen}
                disabled={!mayWrite}
                onClick={() => {
                  setChosen(path === chosen ? null : path);
                }}
              >
                {t(`settings.kind.${kind}`)}
              </Button>
              <code>{path}</code>
            </li>
          ))}
        </ul>
        {open !== undefined && <ConfigEditor key={open.path} path={open.path} writable={open.writable} />}
      </Setting>
    </Section>
  );
}
