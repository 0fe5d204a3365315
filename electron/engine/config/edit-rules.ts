import { isMap, isSeq, YAMLSeq } from 'yaml';
import type { LabelRecord } from '../../../shared/model/labels.ts';
import { formatDuration } from './duration.ts';
import { editList, type EditedText } from './edit-configuration.ts';

/** An alerting rule that is to be written into a file. */
export interface NewRule {
  readonly name: string;
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly labels: LabelRecord;
  readonly annotations: LabelRecord;
}

/**
 * Add alerting rules to a rule file, to the group of that name when there is one. Comments, order and quotes stay. A rule
 * that the group already has, by name and expression, is passed over.
 */
export function addRules(text: string, group: string, rules: readonly NewRule[]): EditedText {
  return editList(text, 'groups', (groups, document) => {
    let found = groups.items.filter(isMap).find((one) => one.get('name') === group);
    if (found === undefined) {
      found = document.createNode({ name: group, rules: [] });
      groups.add(found);
    }
    let list: unknown = found.get('rules', true);
    if (!isSeq(list)) {
      list = new YAMLSeq();
      found.set('rules', list);
    }
    const own = list as YAMLSeq;
    if (own.items.length === 0) own.flow = false;
    for (const rule of rules) {
      const isThere = own.items.some(
        (item) => isMap(item) && item.get('alert') === rule.name && item.get('expr') === rule.expr,
      );
      if (!isThere) own.add(document.createNode(entryOf(rule)));
    }
    return null;
  });
}

/** Name a rule file in the main file; one that is named already changes nothing. */
export function addRuleFile(text: string, path: string): EditedText {
  return editList(text, 'rule_files', (files, document) => {
    if (!files.items.some((item) => String(item) === path)) files.add(document.createNode(path));
    return null;
  });
}

function entryOf({ name, expr, forMs, keepFiringForMs, labels, annotations }: NewRule): object {
  return {
    alert: name,
    expr,
    ...(forMs > 0 ? { for: formatDuration(forMs) } : {}),
    ...(keepFiringForMs > 0 ? { keep_firing_for: formatDuration(keepFiringForMs) } : {}),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}
