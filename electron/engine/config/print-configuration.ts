import { Document, isScalar, visit } from 'yaml';
import type { Configuration } from './configuration.ts';
import { describeConfiguration } from './describe-configuration.ts';
import type { Path } from './problem.ts';

/** What {@link printConfiguration} needs of a loaded configuration. */
export interface Printable {
  readonly value: Configuration;
  readonly originOf: (path: Path) => string | null;
}

/** Keys whose value is inherited from a section above, or was written under another key. */
const ORIGINS: readonly (readonly [pattern: RegExp, others: (path: Path) => readonly Path[]])[] = [
  [
    /^scrape_configs\.\d+\.(?:scrape_interval|scrape_timeout|body_size_limit|sample_limit|label_\w*limit)$/,
    (path) => [['global', ...path.slice(2)]],
  ],
  [
    /^scrape_configs\.\d+\.authorization\./,
    (path) => [
      [...path.slice(0, 2), 'bearer_token'],
      [...path.slice(0, 2), 'bearer_token_file'],
    ],
  ],
  [
    /matchers\.\d+$/,
    (path) => ['', '_re'].map((end) => [...path.slice(0, -2), String(path.at(-2)).replace(/matchers$/, `match${end}`)]),
  ],
  [/^rule_files\.\d+$/, () => [['rule_files']]],
  [/^dashboards\.\d+$/, () => [['dashboards']]],
  [/^retention\.metrics\.raw$/, () => [['storage', 'tsdb', 'retention', 'time']]],
  [/^retention\.metrics\.size$/, () => [['storage', 'tsdb', 'retention', 'size']]],
];

/** The configuration in effect as YAML, each value with where it came from; secrets are not shown. */
export function printConfiguration(loaded: Printable): string {
  const document = new Document(describeConfiguration(loaded.value));
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key') return;
      const path = pathOf(ancestors, key);
      node.comment = ` ${originOf(path, loaded)}`;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function originOf(path: Path, loaded: Printable): string {
  const joined = path.join('.');
  const others = ORIGINS.filter(([pattern]) => pattern.test(joined)).flatMap(([, candidates]) => candidates(path));
  for (const candidate of [path, ...others]) {
    const origin = loaded.originOf(candidate);
    if (origin !== null) return origin;
  }
  return 'default';
}

/** Steps from the root to the node that `visit` stands at. */
function pathOf(ancestors: readonly unknown[], key: unknown): Path {
  const path: (string | number)[] = [];
  for (const [index, ancestor] of ancestors.entries()) {
    const step: unknown = ancestor;
    if (isPair(step)) path.push(isScalar(step.key) ? String(step.key.value) : '');
    else if (isSequence(step)) path.push(step.items.indexOf(ancestors[index + 1]));
  }
  // The node itself is not among its ancestors, so its index in a sequence was not found above.
  if (typeof key === 'number') path[path.length - 1] = key;
  return path;
}

function isPair(node: unknown): node is { readonly key: unknown } {
  return typeof node === 'object' && node !== null && 'key' in node && 'value' in node;
}

function isSequence(node: unknown): node is { readonly items: readonly unknown[] } {
  return typeof node === 'object' && node !== null && node.constructor.name === 'YAMLSeq';
}
