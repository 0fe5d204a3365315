/** A main script that keeps secrets as the application does, for a test to ask. */
import { app } from 'electron';
import { openDesktopStore } from '../../../electron/shell/preferences-store.ts';
import type { SecretVault } from '../../../electron/engine/ports.ts';
import { createSecretVault } from '../../../electron/shell/secrets.ts';
import { onCommand } from '../../doubles/electron/recorder.ts';

const vault = createSecretVault(openDesktopStore(app.getPath('userData')), 'linux');
const withVault = async <Answer>(ask: (ready: SecretVault) => Promise<Answer>): Promise<Answer> => {
  await app.whenReady();
  return ask(vault);
};

onCommand('strength', () => withVault((ready) => ready.strength()));
onCommand('read', (name) => withVault((ready) => ready.read(String(name))));
onCommand('write', (argument) => {
  const { name, value } = argument as { name: string; value: string };
  return withVault((ready) => ready.write(name, value));
});
