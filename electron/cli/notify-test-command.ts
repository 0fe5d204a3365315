import type { Instance } from './instance-client.ts';
import { type ExitCode, formatTable, type Output } from './output.ts';

/** `vedette notify test`: a message through every channel of a receiver; exit code 1 when one did not arrive. */
export async function notifyTestCommand(
  instance: Instance,
  receiver: string | null,
  json: boolean,
  output: Output,
): Promise<ExitCode> {
  const receivers = await instance.client.alerts.receivers();
  if (receiver === null || !receivers.some(({ name }) => name === receiver)) {
    output.err(receiver === null ? 'Name a receiver:\n' : `There is no receiver "${receiver}". There are:\n`);
    output.err(`${formatTable(receivers.map(({ name, channels }) => [name, channels.join(', ')]))}\n`);
    return 2;
  }
  const deliveries = await instance.client.alerts.testReceiver({ name: receiver });
  if (json) output.out(`${JSON.stringify(deliveries, null, 2)}\n`);
  else if (deliveries.length === 0) output.out(`The receiver "${receiver}" has no channels.\n`);
  else output.out(`${formatTable(deliveries.map((one) => [one.channel, one.outcome, one.message ?? '']))}\n`);
  return deliveries.every(({ outcome }) => outcome === 'delivered') ? 0 : 1;
}
