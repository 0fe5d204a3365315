import { NO_PAIRS } from '../host-series.ts';
import type { Emit } from '../host-series.ts';
import type { MemoryUse } from '../raw-reading.ts';

/**
 * The lines of /proc/meminfo under node_exporter's names, e.g. `MemTotal`, `Active(anon)` as `Active_anon`; values with
 * a unit are in bytes and their name ends in `_bytes`. Source: proc_meminfo(5); node_exporter, meminfo_linux.go.
 */
export function parseMemoryInfo(text: string): Map<string, number> {
  const values = new Map<string, number>();
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; start = end + 1, end = text.indexOf('\n', start)) {
    const colon = text.indexOf(':', start);
    if (colon === -1 || colon > end) continue;
    const isKibibytes = text.startsWith(' kB', end - 3);
    const value = Number(text.slice(colon + 1, isKibibytes ? end - 3 : end));
    const name = cleanName(text.slice(start, colon));
    if (isKibibytes) values.set(`${name}_bytes`, value * 1024);
    else values.set(name, value);
  }
  return values;
}

function cleanName(name: string): string {
  return name.includes('(') ? name.replace('(', '_').replace(')', '') : name;
}

export function emitMemoryInfo(values: ReadonlyMap<string, number>, emit: Emit): void {
  for (const [name, value] of values) emit(metricName(name), NO_PAIRS, value);
}

function metricName(name: string): string {
  return `node_memory_${name}`;
}

/** The few values that a summary needs. `MemAvailable` is missing before Linux 3.14: then free and cache count. */
export function memoryUse(values: ReadonlyMap<string, number>): MemoryUse {
  const get = (name: string) => values.get(name) ?? 0;
  return {
    totalBytes: get('MemTotal_bytes'),
    availableBytes:
      values.get('MemAvailable_bytes') ?? get('MemFree_bytes') + get('Buffers_bytes') + get('Cached_bytes'),
    swapTotalBytes: get('SwapTotal_bytes'),
    swapFreeBytes: get('SwapFree_bytes'),
  };
}
