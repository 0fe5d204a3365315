import type { TargetGroup } from './target-source.ts';

export type GroupsReading =
  { readonly ok: true; readonly groups: readonly TargetGroup[] } | { readonly ok: false; readonly message: string };

/**
 * The groups of a discovery's document: a list of `{targets: ["host:port", …], labels: {…}}`.
 *
 * Scalars other than texts are taken by what is written, as YAML files are written by hand; other keys are refused.
 * @param added labels that tell where the groups come from
 * Source: Prometheus manual, `<file_sd_config>` and "HTTP SD".
 */
export function readTargetGroups(document: unknown, added: Readonly<Record<string, string>>): GroupsReading {
  if (document === null || document === undefined) return { ok: true, groups: [] };
  if (!Array.isArray(document)) return fault('expected a list of groups, each with "targets" and "labels"');
  const groups: TargetGroup[] = [];
  for (const [index, entry] of (document as readonly unknown[]).entries()) {
    const which = `group ${String(index + 1)}`;
    if (!isMapping(entry)) return fault(`${which} is no mapping with "targets" and "labels"`);
    const { targets = [], labels = {}, ...others } = entry;
    const [other] = Object.keys(others);
    if (other !== undefined) return fault(`${which} has the unknown key "${other}"`);
    const addresses = textsOf(targets ?? []);
    if (addresses === null) return fault(`the "targets" of ${which} are no list of addresses`);
    const own = labelsOf(labels ?? {});
    if (own === null) return fault(`the "labels" of ${which} are no mapping of names to texts`);
    groups.push({
      targets: addresses.map((address) => ({ __address__: address })),
      labels: { ...own, ...added },
    });
  }
  return { ok: true, groups };
}

function fault(message: string): GroupsReading {
  return { ok: false, message };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null;
  const texts = (value as readonly unknown[]).filter((item) => typeof item === 'string');
  return texts.length === value.length ? texts : null;
}

function labelsOf(value: unknown): Record<string, string> | null {
  if (!isMapping(value)) return null;
  const labels: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (name === '' || (typeof text !== 'string' && text !== null)) return null;
    labels[name] = text ?? '';
  }
  return labels;
}
