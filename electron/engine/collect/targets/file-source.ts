import { readFile } from 'node:fs/promises';
import type { FileDiscoveryConfig } from '../../config/discovery-config.ts';
import { expandPattern, nodeConfigFiles } from '../../config/file-pattern.ts';
import { watchConfiguration } from '../../config/watch-configuration.ts';
import { readTargetGroups } from './read-target-groups.ts';
import type { GroupsReading } from './read-target-groups.ts';
import { repeatLook } from './repeat-look.ts';
import type { SourceLook, SourceOptions, TargetGroup, TargetSource } from './target-source.ts';

/**
 * Targets from files, watched: a change counts at once, and where the system tells of none, with the next interval. A
 * file with a fault keeps the targets that it had; one that is gone has none.
 *
 * Source: Prometheus manual, `<file_sd_config>`.
 */
export function startFileSource(config: FileDiscoveryConfig, options: SourceOptions): TargetSource {
  let known = new Map<string, readonly TargetGroup[]>();

  async function look(): Promise<SourceLook> {
    const disk = nodeConfigFiles((path) => readFile(path, 'utf8'));
    const files = (await Promise.all(config.files.map((pattern) => expandPattern(pattern, disk)))).flat();
    const next = new Map<string, readonly TargetGroup[]>();
    const faults: string[] = [];
    for (const file of new Set(files)) {
      const reading = await readGroups(file);
      if (reading.ok) next.set(file, reading.groups);
      else {
        faults.push(`${file}: ${reading.message}.`);
        next.set(file, known.get(file) ?? []);
      }
    }
    known = next;
    const groups = [...next.values()].flat();
    return faults.length === 0 ? { ok: true, groups } : { ok: false, message: faults.join(' '), groups };
  }

  let endWatch = (): void => undefined;
  const source = repeatLook({
    ...options,
    kind: 'file',
    name: config.files.join(', '),
    intervalMs: config.refreshIntervalMs,
    look,
    onStop: () => endWatch(),
  });
  endWatch = watchConfiguration({ files: config.files, clock: options.clock, onChange: () => source.lookNow() });
  return source;
}

async function readGroups(file: string): Promise<GroupsReading> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return { ok: false, message: `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})` };
  }
  const added = { __meta_filepath: file };
  if (/\.json$/i.test(file)) {
    try {
      return readTargetGroups(JSON.parse(text), added);
    } catch (error) {
      return { ok: false, message: `is no JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
  // Loaded with the first such file: the library takes memory that few need.
  const { readYaml } = await import('../../config/yaml-source.ts');
  const reading = readYaml(text, file);
  if (reading.ok) return readTargetGroups(reading.source.value, added);
  const [first] = reading.problems;
  return { ok: false, message: `line ${String(first?.line ?? 0)}: ${first?.message.replace(/\.$/, '') ?? 'no YAML'}` };
}
