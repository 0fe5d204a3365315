import type { ProbeConfig } from '../probe/kinds.ts';
import { probeKind } from '../probe/kinds.ts';

/** One entry of `modules` in a configuration of blackbox_exporter: how something is asked, without whom. */
export interface ProbeModule {
  readonly name: string;
  /** Null where the module says nothing. */
  readonly timeoutMs: number | null;
  /** What is asked; whom it names is a placeholder. */
  readonly probe: ProbeConfig;
}

/** What a module asks of a target, written as blackbox_exporter takes it; null when it is no target of that kind. */
export function probeOfModule(module: ProbeModule, target: string): ProbeConfig | null {
  return probeKind(module.probe.kind).retarget?.(module.probe, target) ?? null;
}
