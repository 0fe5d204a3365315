import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, parse, parseDocument, YAMLSeq } from 'yaml';
import type { Document, YAMLMap } from 'yaml';
import type { LogType } from './configuration.ts';
import { LAYERED_SETTINGS } from './layers.ts';
import type { Problem } from './problem.ts';
import { readYaml } from './yaml-source.ts';

export type EditedText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problems: readonly Problem[] };

export interface NewScrapeTarget {
  readonly job: string;
  /** `host:port`. */
  readonly target: string;
  /** Where the metrics are; `/metrics` when absent. */
  readonly path?: string;
  readonly scheme?: 'http' | 'https';
}

export interface NewCheck {
  readonly name: string;
  readonly url: string;
  /** As the file writes durations: `30s`. */
  readonly interval?: string;
  readonly status?: readonly string[];
  readonly keyword?: string;
  readonly json?: readonly string[];
}

export interface NewLogSource {
  readonly name: string;
  readonly type?: LogType;
  readonly files: readonly string[];
}

/**
 * Add a target to the main file, to the job of that name when there is one. Comments, order and quotes stay.
 * A target that its job already has changes nothing.
 */
export function addScrapeTarget(text: string, target: NewScrapeTarget): EditedText {
  return editList(text, 'scrape_configs', (jobs, document) => {
    const job = findByName(jobs, 'job_name', target.job);
    if (job === undefined) {
      jobs.add(
        document.createNode({
          job_name: target.job,
          ...(target.scheme === 'https' ? { scheme: 'https' } : {}),
          ...(target.path === undefined || target.path === '/metrics' ? {} : { metrics_path: target.path }),
          static_configs: [{ targets: [target.target] }],
        }),
      );
      return null;
    }
    const path: unknown = job.get('metrics_path') ?? '/metrics';
    if (path !== (target.path ?? '/metrics') || (job.get('scheme') ?? 'http') !== (target.scheme ?? 'http')) {
      return `The job "${target.job}" reads another path or scheme.`;
    }
    addToJob(job, target.target, document);
    return null;
  });
}

/** Add a check; a check of that name is not replaced. */
export function addCheck(text: string, check: NewCheck): EditedText {
  return addNamed(text, 'checks', check.name, {
    name: check.name,
    ...(check.interval === undefined ? {} : { interval: check.interval }),
    http: {
      url: check.url,
      ...(check.status === undefined ? {} : { status: check.status }),
      ...(check.keyword === undefined ? {} : { keyword: check.keyword }),
      ...(check.json === undefined ? {} : { json: check.json }),
    },
  });
}

/** Add a check of any kind, as it stands in the list; a check of that name is not replaced. */
export function addCheckEntry(text: string, entry: { readonly name: string }): EditedText {
  return addNamed(text, 'checks', entry.name, entry);
}

/** Add a check of any kind, as the file writes it; a check of that name is not replaced. It is judged when the file is read. */
export function addProbe(
  text: string,
  {
    name,
    kind,
    entry,
    interval,
  }: { readonly name: string; readonly kind: string; readonly entry: object; readonly interval?: string },
): EditedText {
  return addNamed(text, 'checks', name, { name, ...(interval === undefined ? {} : { interval }), [kind]: entry });
}

/** Add log files; a source of that name is not replaced. */
export function addLogSource(text: string, source: NewLogSource): EditedText {
  return addNamed(text, 'logs', source.name, {
    name: source.name,
    type: source.type ?? 'application',
    files: source.files,
  });
}

function addNamed(text: string, section: string, name: string, entry: object): EditedText {
  return editList(text, section, (list, document) => {
    if (findByName(list, 'name', name) !== undefined) return `There already is "${name}" in ${section}.`;
    list.add(document.createNode(entry));
    return null;
  });
}

/**
 * Set one of the settings that have a fixed place, such as `host.interval`; null takes it out, so that its default counts.
 *
 * @param setting one of `LAYERED_SETTINGS`
 */
export function changeSetting(text: string, setting: string, value: string | null): EditedText {
  const path = setting.split('.');
  return editDocument(text, path[0] ?? '', (document) => {
    if (!LAYERED_SETTINGS.includes(setting)) return `There is no setting "${setting}".`;
    for (let length = 1; length < path.length; length += 1) {
      const section: unknown = document.getIn(path.slice(0, length), true);
      if (section === undefined || (isScalar(section) && section.value === null)) {
        document.setIn(path.slice(0, length), document.createNode({}));
      } else if (!isMap(section)) return `"${path.slice(0, length).join('.')}" is not a mapping.`;
    }
    if (value === null) document.deleteIn(path);
    else document.setIn(path, value);
    return null;
  });
}

/**
 * Change a section that is a list; it is made where it is missing. Comments, order and quotes stay.
 *
 * @param change alters the list of the section; returns what forbids it, or null
 */
export function editList(
  text: string,
  section: string,
  change: (list: YAMLSeq, document: Document) => string | null,
): EditedText {
  return editDocument(text, section, (document) => {
    const list = sectionList(document, section);
    return list === null ? `The section "${section}" is not a list.` : change(list, document);
  });
}

function editDocument(given: string, section: string, change: (document: Document) => string | null): EditedText {
  const text = given.replaceAll('\r\n', '\n');
  const reading = readYaml(text, '');
  if (!reading.ok) return reading;
  const document: Document = parseDocument(text);
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    document.contents = document.createNode({});
  }
  const fault = isMap(document.contents) ? change(document) : 'The file is not a mapping of sections.';
  if (fault !== null) {
    const position = reading.source.at([section]);
    return {
      ok: false,
      problems: [{ ...position, path: section, message: fault, remedy: 'Change the file by hand.' }],
    };
  }
  const style = styleOf(text);
  const edited = onlyChangedLines(text, parseDocument(text).toString(style), document.toString(style));
  return { ok: true, text: given.includes('\r\n') ? edited.replaceAll('\n', '\r\n') : edited };
}

/**
 * Writing a document tidies lines that nobody touched (blanks before a comment, empty lines). So the text stays, and
 * only the lines between which the tidied text and the edited one differ are taken over.
 *
 * @param tidied the text, written again without the change
 */
function onlyChangedLines(text: string, tidied: string, edited: string): string {
  if (tidied === edited) return text;
  const own = text.split('\n');
  const before = tidied.split('\n');
  const after = edited.split('\n');
  // Lines are told by their number among those with text; tidying that joined or split such lines leaves no way.
  if (own.filter(hasText).length !== before.filter(hasText).length) return edited;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const headTexts = before.slice(0, head).filter(hasText).length;
  const tailTexts = before.slice(before.length - tail).filter(hasText).length;
  const changed = after.slice(lengthOfHead(after, headTexts), after.length - lengthOfTail(after, tailTexts));
  const lines = [
    ...own.slice(0, lengthOfHead(own, headTexts)),
    ...changed,
    ...own.slice(own.length - lengthOfTail(own, tailTexts)),
  ];
  const spliced = `${lines.join('\n').trimEnd()}\n`;
  // A text block that holds empty lines could be cut wrongly; then the tidied text is the safe one.
  return isDeepStrictEqual(parse(spliced), parse(edited)) ? spliced : edited;
}

function hasText(line: string): boolean {
  return line.trim() !== '';
}

/** How many lines there are up to and with the n-th that has text. */
function lengthOfHead(lines: readonly string[], texts: number): number {
  let seen = 0;
  return texts === 0 ? 0 : lines.findIndex((line) => hasText(line) && (seen += 1) === texts) + 1;
}

function lengthOfTail(lines: readonly string[], texts: number): number {
  return lengthOfHead(lines.toReversed(), texts);
}

/** The list of a section, made when it is missing or empty; null when it is something else. */
function sectionList(document: Document, section: string): YAMLSeq | null {
  const existing: unknown = document.get(section, true);
  if (isSeq(existing)) {
    if (existing.items.length === 0) existing.flow = false;
    return existing;
  }
  if (existing !== undefined && !(isScalar(existing) && existing.value === null)) return null;
  const list = new YAMLSeq();
  document.set(section, list);
  return list;
}

function findByName(list: YAMLSeq, key: string, name: string): YAMLMap | undefined {
  return list.items.find((item): item is YAMLMap => isMap(item) && item.get(key) === name);
}

function addToJob(job: YAMLMap, target: string, document: Document): void {
  let groups: unknown = job.get('static_configs', true);
  if (!isSeq(groups)) {
    groups = new YAMLSeq();
    job.set('static_configs', groups);
  }
  const maps = (groups as YAMLSeq).items.filter((item): item is YAMLMap => isMap(item));
  const targetsOf = (group: YAMLMap): YAMLSeq | null => {
    const targets: unknown = group.get('targets', true);
    return isSeq(targets) ? targets : null;
  };
  const isListed = maps.some((group) =>
    targetsOf(group)?.items.some((item) => isScalar(item) && item.value === target),
  );
  if (isListed) return;
  // Labels of a group are about its own targets, so a new target joins only a group without any.
  const plain = maps.find((group) => !group.has('labels') && targetsOf(group) !== null);
  const targets = plain === undefined ? null : targetsOf(plain);
  if (targets === null) (groups as YAMLSeq).add(document.createNode({ targets: [target] }));
  else targets.add(document.createNode(target));
}

/** Write as the text is written, so that a change shows as a change of the lines that it is about. */
function styleOf(text: string): { lineWidth: 0; indent: number; indentSeq: boolean; flowCollectionPadding: boolean } {
  const [, keyIndent = '', itemIndent = '  '] =
    /^( *)[^\s#-][^\n]*:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*( *)- /m.exec(text) ?? [];
  const [, nested = '  '] = /^[^\s#-][^\n]*:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*( +)[^\s#-]/m.exec(text) ?? [];
  return {
    lineWidth: 0,
    indent: nested.length,
    indentSeq: itemIndent.length > keyIndent.length,
    flowCollectionPadding: /[[{] +\S/.test(text),
  };
}
