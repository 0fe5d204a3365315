import type { GlobalConfig } from './configuration.ts';
import { checkLabelNames } from './names.ts';
import type { NameScheme } from './names.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import { globalSection } from './schema/prometheus-schema.ts';
import type { RawGlobal } from './schema/prometheus-schema.ts';
import { validate } from './validate.ts';
import type { PlainValue } from './yaml-source.ts';

/** Source: Prometheus manual, `<global>`. */
const DEFAULTS = { scrapeIntervalMs: 60_000, scrapeTimeoutMs: 10_000, evaluationIntervalMs: 60_000 };

/** The section `global`: what rooms receive, and what scrape configurations and rules inherit from it. */
export interface GlobalReading {
  readonly config: GlobalConfig;
  readonly nameScheme: NameScheme;
  readonly ruleQueryOffsetMs: number;
  readonly limits: RawGlobal;
}

export function readGlobal(
  value: PlainValue | undefined,
  place: Place,
  environment: Readonly<Record<string, string | undefined>>,
  findings: Findings,
): GlobalReading {
  const raw: RawGlobal = validate(globalSection, value ?? {}, place, findings) ?? {};
  const nameScheme = raw.metric_name_validation_scheme ?? 'utf8';
  checkNaming(raw, place, findings);
  checkProtocols(raw.scrape_protocols, below(place, 'scrape_protocols'), findings);

  const scrapeIntervalMs = orDefault(raw.scrape_interval, DEFAULTS.scrapeIntervalMs);
  const timeoutGiven = orDefault(raw.scrape_timeout, 0);
  if (timeoutGiven > scrapeIntervalMs) {
    findings.problems.push(
      problemAt(
        below(place, 'scrape_timeout'),
        'The global scrape timeout is longer than the scrape interval.',
        'Make the timeout at most as long as the interval.',
      ),
    );
  }
  const labels = raw.external_labels ?? {};
  checkLabelNames(labels, below(place, 'external_labels'), nameScheme, findings);
  return {
    config: {
      scrapeIntervalMs,
      scrapeTimeoutMs: timeoutGiven > 0 ? timeoutGiven : Math.min(DEFAULTS.scrapeTimeoutMs, scrapeIntervalMs),
      evaluationIntervalMs: orDefault(raw.evaluation_interval, DEFAULTS.evaluationIntervalMs),
      externalLabels: Object.fromEntries(
        Object.entries(labels).map(([name, text]) => [name, expandVariables(text, environment)]),
      ),
    },
    nameScheme,
    ruleQueryOffsetMs: raw.rule_query_offset ?? 0,
    limits: raw,
  };
}

/** Zero means "not set", as it does for Prometheus. */
function orDefault(given: number | undefined, fallback: number): number {
  return given === undefined || given === 0 ? fallback : given;
}

interface Naming {
  readonly metric_name_validation_scheme?: NameScheme | undefined;
  readonly metric_name_escaping_scheme?: string | undefined;
}

/** Names outside the classic alphabet cannot be asked for where they are not allowed. */
export function checkNaming(raw: Naming, place: Place, findings: Findings): void {
  if (raw.metric_name_validation_scheme !== 'legacy' || raw.metric_name_escaping_scheme !== 'allow-utf-8') return;
  findings.problems.push(
    problemAt(
      below(place, 'metric_name_escaping_scheme'),
      'UTF-8 names cannot be asked for while the validation scheme is legacy.',
      'Use underscores, dots or values here, or the validation scheme utf8.',
    ),
  );
}

export function checkProtocols(protocols: readonly string[] | undefined, place: Place, findings: Findings): void {
  if (protocols?.length === 0) {
    findings.problems.push(problemAt(place, 'The list of scrape protocols is empty.', 'Name one, or remove the key.'));
  }
  for (const [index, protocol] of (protocols ?? []).entries()) {
    if (protocol === 'PrometheusProto') {
      const message = 'The protobuf format is not read yet.';
      findings.warnings.push(problemAt(below(place, index), message, 'Targets are asked for the others alone.'));
    }
    if (protocols?.indexOf(protocol) === index) continue;
    findings.problems.push(problemAt(below(place, index), `The protocol ${protocol} is named twice.`, 'Remove one.'));
  }
}

/** `$NAME` and `${NAME}` are variables of the environment (empty when unset), `$$` is a dollar. */
function expandVariables(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$(?:\$|\{([^}]*)\}|(\w+))/g, (match, braced?: string, bare?: string) =>
    match === '$$' ? '$' : (environment[braced ?? bare ?? ''] ?? ''),
  );
}
