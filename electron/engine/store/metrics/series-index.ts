import { type Labels, labelsKey, labelValue, METRIC_NAME } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import { type CompiledMatcher, compileMatcher } from './compile-matcher.ts';
import { GROUP_SIZE, type Series, type SeriesGroup, createGroup } from './series-group.ts';

/** Labels that say where a series comes from; series that agree in them are collected at the same times. */
const ORIGIN_LABELS = ['job', 'instance'];
const REMEMBERED_TEXTS = 100_000;
const NONE: readonly Series[] = [];

/** The series by id, by labels, and by each label's value; and the groups in which their samples lie. */
export class SeriesIndex {
  readonly groups = new Map<number, SeriesGroup>();
  readonly #byId = new Map<number, Series>();
  readonly #byKey = new Map<string, Series>();
  readonly #postings = new Map<string, Map<string, Series[]>>();
  /** Groups that have room, by origin. */
  readonly #roomy = new Map<string, SeriesGroup[]>();
  readonly #texts = new Map<string, string>();
  #nextId = 1;
  #nextGroupId = 1;
  #presentCount = 0;
  readonly #countByName = new Map<string, number>();
  readonly #countByOrigin = new Map<string, number>();

  /** Series that have samples. */
  get size(): number {
    return this.#presentCount;
  }

  byId(id: number): Series | undefined {
    return this.#byId.get(id);
  }

  /** How many series are known in all, by this one's name, and from where this one comes; null when it is one of them. */
  countsFor(labels: Labels): { readonly total: number; readonly metric: number; readonly target: number } | null {
    if (this.#byKey.has(labelsKey(labels))) return null;
    return {
      total: this.#byId.size,
      metric: this.#countByName.get(labelValue(labels, METRIC_NAME)) ?? 0,
      target: this.#countByOrigin.get(originOf(labels)) ?? 0,
    };
  }

  /** How many series are known in all, and of the metric and from the target (`job/instance`) that has the most. */
  largest(): Record<'metric' | 'target', { readonly name: string; readonly series: number }> & {
    readonly total: number;
  } {
    const { name, series } = most(this.#countByOrigin);
    return {
      total: this.#byId.size,
      metric: most(this.#countByName),
      target: { name: name.replace('\u0000', '/'), series },
    };
  }

  /** The series with these labels, made if there is none. It is not found by queries until {@link setPresent}. */
  obtain(labels: Labels): Series {
    return this.#byKey.get(labelsKey(labels)) ?? this.#create(this.#nextId, labels, null);
  }

  /** Take over a series as the database remembers it. */
  restore(id: number, groupId: number, labels: Labels, firstMs: number, lastMs: number): void {
    const series = this.#create(id, labels, this.groups.get(groupId) ?? this.#addGroup(groupId, originOf(labels)));
    series.group.isStored = true;
    series.firstMs = firstMs;
    series.lastMs = lastMs;
    this.setPresent(series);
  }

  setPresent(series: Series): void {
    series.isPresent = true;
    this.#presentCount++;
    for (let i = 0; i < series.labels.length; i += 2) {
      const name = series.labels[i] as string; // labels come in pairs
      const value = series.labels[i + 1] as string;
      let byValue = this.#postings.get(name);
      if (byValue === undefined) this.#postings.set(name, (byValue = new Map<string, Series[]>()));
      const list = byValue.get(value);
      if (list === undefined) byValue.set(value, [series]);
      else list.push(series);
    }
  }

  /**
   * Forget series that have no samples any more. One whose id a collector holds stays known by id and by labels, so that a
   * sample that comes after all finds it.
   */
  removeAll(gone: ReadonlySet<Series>): void {
    const touched = new Set<string>();
    for (const series of gone) {
      series.isPresent = false;
      series.firstMs = Infinity;
      series.lastMs = -Infinity;
      this.#presentCount--;
      for (const name of series.labels.filter((_, i) => i % 2 === 0)) touched.add(name);
      if (!series.isHeld) this.#discard(series);
    }
    for (const name of touched) {
      const byValue = this.#postings.get(name) ?? new Map<string, Series[]>();
      const values = new Set<string>();
      for (const series of gone) values.add(labelValue(series.labels, name));
      for (const value of values) {
        const left = (byValue.get(value) ?? []).filter((series) => !gone.has(series));
        if (left.length > 0) byValue.set(value, left);
        else byValue.delete(value);
      }
      if (byValue.size === 0) this.#postings.delete(name);
    }
  }

  /** Every series with samples that fits all of the matchers. */
  find(matchers: readonly Matcher[]): Series[] {
    const compiled = matchers.map(compileMatcher);
    let candidates: Iterable<Series> | null = null;
    let fewest = Infinity;
    let chosen: CompiledMatcher | null = null;
    for (const matcher of compiled) {
      if (matcher.test('')) continue; // fits series without the label too, which no list holds
      const lists = this.#lists(matcher);
      const count = lists.reduce((sum, list) => sum + list.length, 0);
      if (count >= fewest) continue;
      fewest = count;
      candidates = lists.length === 1 ? (lists[0] ?? NONE) : lists.flat();
      chosen = matcher;
    }
    const others = compiled.filter((matcher) => matcher !== chosen);
    const found: Series[] = [];
    for (const series of candidates ?? this.#byId.values()) {
      if (series.isPresent && others.every(({ name, test }) => test(labelValue(series.labels, name))))
        found.push(series);
    }
    return found;
  }

  /** Forget a group that has neither members nor chunks. */
  removeGroup(group: SeriesGroup): void {
    this.groups.delete(group.id);
    this.#withdrawRoom(group);
  }

  /** Never give out ids up to these again: traces of their owners may be left in the log of samples. */
  skipIds(seriesId: number, groupId: number): void {
    this.#nextId = Math.max(this.#nextId, seriesId + 1);
    this.#nextGroupId = Math.max(this.#nextGroupId, groupId + 1);
  }

  /** Label names with their values and the series that carry them. */
  labels(): ReadonlyMap<string, ReadonlyMap<string, readonly Series[]>> {
    return this.#postings;
  }

  present(): Series[] {
    return [...this.#byId.values()].filter((series) => series.isPresent);
  }

  #lists(matcher: CompiledMatcher): (readonly Series[])[] {
    const byValue = this.#postings.get(matcher.name);
    if (byValue === undefined) return [];
    if (matcher.values !== null) return matcher.values.map((value) => byValue.get(value) ?? NONE);
    return [...byValue].filter(([value]) => matcher.test(value)).map(([, list]) => list);
  }

  #create(id: number, labels: Labels, inGroup: SeriesGroup | null): Series {
    // The database and scrapes hand in the same words again and again; one copy of each is kept.
    const own = labels.map((text) => this.#text(text));
    const group = inGroup ?? this.#roomyGroup(originOf(own));
    const slot = group.members.indexOf(null);
    if (slot < 0) throw new Error(`group ${String(group.id)} of series has more than ${String(GROUP_SIZE)} members`);
    const series: Series = {
      id,
      labels: own,
      group,
      slot,
      firstMs: Infinity,
      lastMs: -Infinity,
      isPresent: false,
      isHeld: false,
    };
    group.members[slot] = series;
    if (!group.members.includes(null)) this.#withdrawRoom(group);
    this.#byId.set(id, series);
    this.#byKey.set(labelsKey(own), series);
    this.#countOne(own, 1);
    this.#nextId = Math.max(this.#nextId, id + 1);
    return series;
  }

  #roomyGroup(origin: string): SeriesGroup {
    return this.#roomy.get(origin)?.at(-1) ?? this.#addGroup(this.#nextGroupId, origin);
  }

  #addGroup(id: number, origin: string): SeriesGroup {
    const group = createGroup(id, origin);
    this.groups.set(id, group);
    this.#nextGroupId = Math.max(this.#nextGroupId, id + 1);
    this.#offerRoom(group);
    return group;
  }

  #offerRoom(group: SeriesGroup): void {
    const siblings = this.#roomy.get(group.origin);
    if (siblings === undefined) this.#roomy.set(group.origin, [group]);
    else if (!siblings.includes(group)) siblings.push(group);
  }

  #withdrawRoom(group: SeriesGroup): void {
    const left = (this.#roomy.get(group.origin) ?? []).filter((sibling) => sibling !== group);
    if (left.length > 0) this.#roomy.set(group.origin, left);
    else this.#roomy.delete(group.origin);
  }

  #discard(series: Series): void {
    this.#byId.delete(series.id);
    this.#byKey.delete(labelsKey(series.labels));
    this.#countOne(series.labels, -1);
    series.group.members[series.slot] = null;
    this.#offerRoom(series.group);
  }

  #countOne(labels: Labels, change: 1 | -1): void {
    for (const [counts, key] of [
      [this.#countByName, labelValue(labels, METRIC_NAME)],
      [this.#countByOrigin, originOf(labels)],
    ] as const) {
      const count = (counts.get(key) ?? 0) + change;
      if (count > 0) counts.set(key, count);
      else counts.delete(key);
    }
  }

  #text(text: string): string {
    const known = this.#texts.get(text);
    if (known === undefined) {
      if (this.#texts.size >= REMEMBERED_TEXTS) this.#texts.clear(); // only costs a second copy of some
      this.#texts.set(text, text);
    }
    return known ?? text;
  }
}

function most(counts: ReadonlyMap<string, number>): { readonly name: string; readonly series: number } {
  let [name, series] = ['', 0];
  for (const [key, count] of counts) if (count > series) [name, series] = [key, count];
  return { name, series };
}

function originOf(labels: Labels): string {
  return ORIGIN_LABELS.map((name) => labelValue(labels, name)).join('\u0000');
}
