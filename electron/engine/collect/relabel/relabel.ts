import { createHash } from 'node:crypto';
import { RE2JS } from 're2js';
import { isLabelName } from '../../config/names.ts';
import type { RelabelStep } from '../../config/relabel-step.ts';
import { createTemplate } from './template.ts';

/**
 * Change labels by the steps of a configuration.
 *
 * @param labels changed in place; an empty value is the same as no label
 * @returns false when a step drops what has these labels
 */
export type Relabel = (labels: Map<string, string>) => boolean;

/**
 * Compile the steps of a `relabel_configs`. Null when there are none, so that callers can leave the whole thing out.
 *
 * Patterns are RE2 and match the whole of the joined source labels; a dot matches a line break, too.
 * Source: Prometheus, model/relabel/relabel.go.
 */
export function compileRelabel(steps: readonly RelabelStep[]): Relabel | null {
  if (steps.length === 0) return null;
  const compiled = steps.map(compileStep);
  return (labels) => {
    for (const step of compiled) if (!step(labels)) return false;
    return true;
  };
}

function compileStep(step: RelabelStep): Relabel {
  const { targetLabel } = step;
  const valueOf = sourceReader(step);
  switch (step.action) {
    case 'replace':
      return compileReplace(step, valueOf);
    case 'keep': {
      const matches = wholeMatch(step.regex);
      return (labels) => matches(valueOf(labels));
    }
    case 'drop': {
      const matches = wholeMatch(step.regex);
      return (labels) => !matches(valueOf(labels));
    }
    case 'keepequal':
      return (labels) => (labels.get(targetLabel) ?? '') === valueOf(labels);
    case 'dropequal':
      return (labels) => (labels.get(targetLabel) ?? '') !== valueOf(labels);
    case 'hashmod': {
      const modulus = BigInt(step.modulus);
      return setting(targetLabel, (labels) => (lastEightBytes(valueOf(labels)) % modulus).toString());
    }
    case 'lowercase':
      return setting(targetLabel, (labels) => valueOf(labels).toLowerCase());
    case 'uppercase':
      return setting(targetLabel, (labels) => valueOf(labels).toUpperCase());
    case 'labelmap':
      return compileLabelMap(step);
    case 'labeldrop': {
      const matches = wholeMatch(step.regex);
      return removing((name) => matches(name));
    }
    case 'labelkeep': {
      const matches = wholeMatch(step.regex);
      return removing((name) => !matches(name));
    }
  }
}

type ValueReader = (labels: ReadonlyMap<string, string>) => string;

function sourceReader({ sourceLabels, separator }: RelabelStep): ValueReader {
  const [only] = sourceLabels;
  if (sourceLabels.length === 1 && only !== undefined) return (labels) => labels.get(only) ?? '';
  return (labels) => sourceLabels.map((name) => labels.get(name) ?? '').join(separator);
}

function compileReplace(step: RelabelStep, valueOf: ValueReader): Relabel {
  const pattern = compileWhole(step.regex);
  const target = createTemplate(step.targetLabel);
  const replacement = createTemplate(step.replacement);
  return (labels) => {
    const matcher = pattern.matcher(valueOf(labels));
    if (!matcher.matches()) return true;
    const name = target(matcher);
    if (isLabelName(name, step.nameScheme)) setLabel(labels, name, replacement(matcher));
    return true;
  };
}

function compileLabelMap({ regex, replacement }: RelabelStep): Relabel {
  const pattern = compileWhole(regex);
  const newName = createTemplate(replacement);
  return (labels) => {
    for (const [name, value] of [...labels].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const matcher = pattern.matcher(name);
      if (matcher.matches()) setLabel(labels, newName(matcher), value);
    }
    return true;
  };
}

function setting(name: string, read: ValueReader): Relabel {
  return (labels) => {
    setLabel(labels, name, read(labels));
    return true;
  };
}

function removing(isUnwanted: (name: string) => boolean): Relabel {
  return (labels) => {
    for (const name of [...labels.keys()]) if (isUnwanted(name)) labels.delete(name);
    return true;
  };
}

function setLabel(labels: Map<string, string>, name: string, value: string): void {
  if (value === '') labels.delete(name);
  else labels.set(name, value);
}

/** Source: Prometheus, `relabel.NewRegexp`: `^(?s:…)$`. */
function compileWhole(regex: string): RE2JS {
  return RE2JS.compile(`^(?s:${regex})$`);
}

/** Most patterns are a plain text or a few alternatives of one; comparing them is much cheaper than matching. */
function wholeMatch(regex: string): (text: string) => boolean {
  if (/^[\w:/ -]*(?:\|[\w:/ -]*)*$/.test(regex)) {
    const texts = new Set(regex.split('|'));
    return (text) => texts.has(text);
  }
  const pattern = compileWhole(regex);
  return (text) => pattern.matcher(text).matches();
}

/** Only these of the MD5, in network order. Source: Prometheus, relabel.go, `HashMod`. */
function lastEightBytes(text: string): bigint {
  return createHash('md5').update(text).digest().readBigUInt64BE(8);
}
