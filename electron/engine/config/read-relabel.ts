import type { NameScheme } from './names.ts';
import type { RelabelStep } from './relabel-step.ts';
import type { RawRelabelStep } from './schema/relabel-schema.ts';

/** Source of the defaults: Prometheus manual, `<relabel_config>`. */
export function readRelabelSteps(raw: readonly RawRelabelStep[] | undefined, nameScheme: NameScheme): RelabelStep[] {
  return (raw ?? []).map((step) => ({
    action: step.action ?? 'replace',
    sourceLabels: step.source_labels ?? [],
    separator: step.separator ?? ';',
    regex: step.regex ?? '(.*)',
    targetLabel: step.target_label ?? '',
    replacement: step.replacement ?? '$1',
    modulus: step.modulus ?? 0,
    nameScheme,
  }));
}
