/** A way from a check over its dependencies back to itself, as names, the first one again at the end; null without one. */
export function findCycle(parentsOf: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const path: string[] = [];
  const walk = (name: string): readonly string[] | null => {
    if (done.has(name)) return null;
    const at = path.indexOf(name);
    if (at >= 0) return [...path.slice(at), name];
    path.push(name);
    for (const parent of parentsOf.get(name) ?? []) {
      const cycle = walk(parent);
      if (cycle !== null) return cycle;
    }
    path.pop();
    done.add(name);
    return null;
  };
  for (const name of parentsOf.keys()) {
    const cycle = walk(name);
    if (cycle !== null) return cycle;
  }
  return null;
}
