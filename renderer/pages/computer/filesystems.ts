import type { PresentValue } from './use-values.ts';

/** A mounted file system as the table shows it; null is what its kind does not count, or what is not known yet. */
export interface FilesystemRow {
  readonly mountpoint: string;
  readonly fstype: string;
  readonly sizeBytes: number;
  readonly availableBytes: number;
  /** As df has it: what is kept for root is neither used nor available. */
  readonly usedRatio: number;
  readonly inodesUsedRatio: number | null;
  /** Seconds until nothing is available at the present pace; null when it does not fill up. */
  readonly fullInSeconds: number | null;
}

/** A disk that fills up later than that is not shown as filling. */
const FARTHEST_SECONDS = 365 * 86_400;

/**
 * @param values the `node_filesystem_…` series of this machine
 * @param trends bytes per second by which what is available changes
 */
export function filesystemRows(
  values: readonly PresentValue[],
  trends: readonly PresentValue[],
): readonly FilesystemRow[] {
  const mounts = new Map<string, Map<string, number>>();
  const labelsOf = new Map<string, PresentValue['labels']>();
  for (const { name, labels, value } of values) {
    const key = keyOf(labels);
    const numbers = mounts.get(key) ?? new Map<string, number>();
    mounts.set(key, numbers.set(name.replace('node_filesystem_', ''), value));
    labelsOf.set(key, labels);
  }
  const trendOf = new Map(trends.map(({ labels, value }) => [keyOf(labels), value]));
  return [...mounts].flatMap(([key, numbers]) => {
    const labels = labelsOf.get(key) ?? {};
    const [size, available] = [numbers.get('size_bytes'), numbers.get('avail_bytes')];
    if (size === undefined || available === undefined || size === 0) return [];
    const used = size - (numbers.get('free_bytes') ?? available);
    const files = numbers.get('files') ?? 0;
    const fullInSeconds = secondsUntilFull(available, trendOf.get(key) ?? 0);
    return {
      mountpoint: labels['mountpoint'] ?? '',
      fstype: labels['fstype'] ?? '',
      sizeBytes: size,
      availableBytes: available,
      usedRatio: used / Math.max(1, used + available),
      inodesUsedRatio: files === 0 ? null : 1 - (numbers.get('files_free') ?? 0) / files,
      fullInSeconds,
    };
  });
}

function secondsUntilFull(availableBytes: number, bytesPerSecond: number): number | null {
  if (bytesPerSecond >= 0) return null;
  const seconds = availableBytes / -bytesPerSecond;
  return seconds > FARTHEST_SECONDS ? null : seconds;
}

function keyOf(labels: PresentValue['labels']): string {
  return `${labels['device'] ?? ''}\u0000${labels['mountpoint'] ?? ''}`;
}
