import { useNavigate } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { errorText } from '../../api/error-text.ts';
import { useApp } from '../../app/app-context.ts';
import { useMayWrite } from '../../app/use-status.ts';
import { useWrite } from '../../app/use-write.ts';
import { useText } from '../../i18n/use-text.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import styles from './AddService.module.css';

/** One field for everything: a URL or host:port is pasted, and what it is the program finds out from its answer. */
export function AddService() {
  const t = useText();
  const { api, client, toasts } = useApp();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useMayWrite();
  const [address, setAddress] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const add = useWrite(async (wanted: string) => client.services.add({ address: wanted }), {
    onSuccess: ({ id, kind }, wanted) => {
      setAddress('');
      toasts.show({
        tone: 'good',
        text: t(kind === 'target' ? 'services.addedTarget' : 'services.addedCheck', { address: wanted }),
      });
      void queries.invalidateQueries({ queryKey: api.services.key() });
      void navigate({ to: '/services/detail', search: { id } });
    },
    onError: (error) => {
      setProblem(errorText(error, t));
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        setProblem(null);
        if (address.trim() !== '') add.mutate(address.trim());
      }}
    >
      <TextField
        className={styles.field ?? ''}
        label={t('services.addLabel')}
        placeholder={t('services.addHint')}
        value={address}
        onChange={setAddress}
        disabled={mayWrite === false}
        aria-invalid={problem !== null}
      />
      <Button
        type="submit"
        icon={<Plus size={14} aria-hidden="true" />}
        disabled={address.trim() === '' || add.isPending}
      >
        {t(add.isPending ? 'services.adding' : 'services.add')}
      </Button>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </form>
  );
}
