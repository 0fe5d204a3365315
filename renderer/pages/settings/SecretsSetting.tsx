import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useApp } from '../../app/app-context.ts';
import { useWrite } from '../../app/use-write.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Setting } from './Setting.tsx';
import styles from './Settings.module.css';

/** Secrets of the keychain: their names, a way in for values, and none out. */
export function SecretsSetting({ strength }: { strength: 'keychain' | 'weak' }) {
  const t = useText();
  const { api, client } = useApp();
  const queries = useQueryClient();
  const names = useQuery(api.secrets.list.queryOptions()).data ?? [];
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const again = (): void => {
    void queries.invalidateQueries({ queryKey: api.secrets.list.queryKey() });
  };
  const store = useWrite(async (secret: { name: string; value: string }) => client.secrets.set(secret), {
    done: ({ name: stored }) => t('settings.secretStored', { reference: reference(stored) }),
    onSuccess: () => {
      setName('');
      setValue('');
      again();
    },
  });
  const remove = useWrite(async (secret: { name: string }) => client.secrets.remove(secret), { onSuccess: again });
  return (
    <Setting
      label={t('settings.secrets')}
      hint={t(`settings.secrets.${strength}`, { reference: reference(t('settings.secretName')) })}
      keywords="password token 密码"
      wide
    >
      <ul className={styles.files}>
        {names.map((stored) => (
          <li key={stored}>
            <code>{reference(stored)}</code>
            <IconButton
              label={t('settings.secretRemove', { name: stored })}
              icon={<Trash2 size={14} aria-hidden />}
              disabled={remove.isPending}
              onClick={() => {
                remove.mutate({ name: stored });
              }}
            />
          </li>
        ))}
      </ul>
      <form
        className={styles.editorActions}
        onSubmit={(event) => {
          event.preventDefault();
          store.mutate({ name: name.trim(), value });
        }}
      >
        <TextField
          label={t('settings.secretName')}
          placeholder={t('settings.secretName')}
          value={name}
          onChange={setName}
        />
        <TextField
          label={t('settings.secretValue')}
          placeholder={t('settings.secretValue')}
          type="password"
          autoComplete="new-password"
          value={value}
          onChange={setValue}
        />
        <Button type="submit" disabled={name.trim() === '' || value === '' || store.isPending}>
          {t('settings.secretStore')}
        </Button>
      </form>
    </Setting>
  );
}

/** How the configuration refers to it. */
function reference(name: string): string {
  return `\${keychain:${name}}`;
}
