import type { ExpositionResult } from './parse-exposition.ts';
import { readMetadata, readSample } from './openmetrics-line.ts';
import type { StrictMetadata, StrictSample } from './openmetrics-line.ts';
import { SUFFIXES, faultOfHistogram, faultOfSample, groupKey, isFamilyType } from './openmetrics-types.ts';
import type { FamilyType } from './openmetrics-types.ts';

interface Family {
  readonly name: string;
  readonly type: FamilyType;
  readonly keywords: ReadonlySet<string>;
  readonly unit: string;
  /** Keys of the metrics so far, the last one being under way. */
  readonly groups: Set<string>;
  group: string | null;
  timestamp: number | null;
  /** Samples of the histogram under way. */
  histogram: StrictSample[];
}

/**
 * Check a text against OpenMetrics 1.0 to the letter: grammar, order, and what each type promises. Scraping is far more
 * tolerant; this tells the author of an exporter what a strict reader would refuse.
 *
 * @returns the first fault with its line
 */
export function checkOpenMetrics(text: string): ExpositionResult {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  /** Names that families have taken, those of their samples included. */
  const taken = new Set<string>();
  let family: Family | null = null;

  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const step: Step = line === '# EOF' ? endOfText(isLast, family) : readLine(line, family, taken);
    if (!step.ok) return { ok: false, problem: { message: step.message, line: index + 1 } };
    if (line === '# EOF') return { ok: true };
    family = step.family;
  }
  return { ok: false, problem: { message: 'the text does not end with "# EOF"', line: lines.length } };
}

type Step = { readonly ok: true; readonly family: Family | null } | { readonly ok: false; readonly message: string };

function endOfText(isLast: boolean, family: Family | null): Step {
  if (!isLast) return refuse('nothing may follow "# EOF"');
  return finish(family);
}

function readLine(line: string, family: Family | null, taken: Set<string>): Step {
  if (line === '') return refuse('a line is empty');
  if (line.startsWith('#')) {
    const metadata = readMetadata(line);
    return metadata.ok ? addMetadata(metadata.value, family, taken) : metadata;
  }
  const sample = readSample(line);
  return sample.ok ? addSample(sample.value, family, taken) : sample;
}

function addMetadata({ keyword, family: name, text }: StrictMetadata, family: Family | null, taken: Set<string>): Step {
  if (keyword === 'TYPE' && !isFamilyType(text)) return refuse(`"${text}" is no type`);
  if (family?.name !== name) {
    const finished = finish(family);
    if (!finished.ok) return finished;
    const type = keyword === 'TYPE' && isFamilyType(text) ? text : 'unknown';
    const unit = keyword === 'UNIT' ? text : '';
    const clash = takeNames(name, keyword === 'TYPE' ? type : null, taken);
    return clash ?? unitOf(newFamily(name, type, unit, new Set([keyword])));
  }
  if (family.group !== null) return refuse(`the ${keyword} of ${name} stands behind its samples`);
  if (family.keywords.has(keyword)) return refuse(`the ${keyword} of ${name} is given twice`);
  const keywords = new Set([...family.keywords, keyword]);
  if (keyword === 'UNIT') return unitOf(newFamily(name, family.type, text, keywords));
  if (keyword === 'HELP' || !isFamilyType(text)) return { ok: true, family: { ...family, keywords } };
  const clash = takeNames(name, text, taken, true);
  return clash ?? unitOf(newFamily(name, text, family.unit, keywords));
}

function newFamily(name: string, type: FamilyType, unit: string, keywords: ReadonlySet<string>): Family {
  return { name, type, unit, keywords, groups: new Set(), group: null, timestamp: null, histogram: [] };
}

function unitOf(family: Family): Step {
  const { name, type, unit } = family;
  if (unit === '') return { ok: true, family };
  if (!name.endsWith(`_${unit}`)) return refuse(`the name of ${name} does not end with its unit "${unit}"`);
  if (type === 'info' || type === 'stateset') return refuse(`${name} is of type ${type}, which has no unit`);
  return { ok: true, family };
}

/** Claim the names of a family; a step that refuses when another family has one of them. */
function takeNames(name: string, type: FamilyType | null, taken: Set<string>, isKnown = false): Step | null {
  const own = type === null ? [] : SUFFIXES[type].map((suffix) => name + suffix);
  const names = new Set(isKnown ? own.filter((one) => one !== name) : [name, ...own]);
  for (const one of names) if (taken.has(one)) return refuse(`another metric family has the name ${one} already`);
  for (const one of names) taken.add(one);
  return null;
}

function addSample(sample: StrictSample, before: Family | null, taken: Set<string>): Step {
  let family = before;
  const suffixes: readonly string[] = family ? SUFFIXES[family.type] : [];
  if (!family || !suffixes.some((suffix) => sample.name === `${family?.name ?? ''}${suffix}`)) {
    const finished = finish(family);
    if (!finished.ok) return finished;
    const clash = takeNames(sample.name, null, taken);
    if (clash) return clash;
    family = newFamily(sample.name, 'unknown', '', new Set());
  }
  const fault = faultOfSample(sample, family.name, family.type);
  if (fault !== null) return refuse(fault);
  const key = groupKey(sample, family.name, family.type);
  const isSameGroup = key === family.group;
  if (!isSameGroup && family.groups.has(key)) return refuse(`the samples of one ${family.name} do not stand together`);
  if (isSameGroup) {
    const { timestamp } = family;
    if ((timestamp === null) !== (sample.timestamp === null))
      return refuse('some samples of one metric have a timestamp, others not');
    if (timestamp !== null && sample.timestamp !== null && sample.timestamp < timestamp && family.type !== 'info') {
      return refuse('the timestamps of one metric go back');
    }
  }
  if (!isSameGroup || sample.timestamp !== family.timestamp) {
    const finished = finish(family);
    if (!finished.ok) return finished;
    family.histogram = [];
  }
  family.groups.add(key);
  family.group = key;
  family.timestamp = sample.timestamp;
  family.histogram.push(sample);
  return { ok: true, family };
}

/** Judge the histogram that ends here. */
function finish(family: Family | null): Step {
  if (!family || family.histogram.length === 0) return { ok: true, family };
  if (family.type !== 'histogram' && family.type !== 'gaugehistogram') return { ok: true, family };
  const fault = faultOfHistogram(family.histogram, family.name);
  return fault === null ? { ok: true, family } : refuse(`${family.name}: ${fault}`);
}

function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
