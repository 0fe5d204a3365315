import type { ChannelConfig } from '../../config/configuration.ts';

/** `webhook[0]`, `webhook[1]`, `desktop[0]`: a channel keeps its name when one of another kind is put before it. */
export function nameChannels(channels: readonly ChannelConfig[]): [name: string, channel: ChannelConfig][] {
  const counts = new Map<string, number>();
  return channels.map((channel) => {
    const kind = channel.kind === 'unsupported' ? channel.name : channel.kind;
    const index = counts.get(kind) ?? 0;
    counts.set(kind, index + 1);
    return [`${kind}[${String(index)}]`, channel];
  });
}
