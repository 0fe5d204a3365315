/** What the checks that a check depends on say: `failing` while it is not sure yet whether one of them is down. */
export type ParentState = 'fine' | 'failing' | 'dead';

/** How one dependency stands. */
export interface ParentStanding {
  readonly name: string;
  readonly isDead: boolean;
  readonly isFailing: boolean;
}

/** The worst of the dependencies, with the name of the one that decides. */
export function judgeParents(parents: readonly ParentStanding[]): {
  readonly state: ParentState;
  readonly by: string | null;
} {
  const dead = parents.find(({ isDead }) => isDead);
  if (dead !== undefined) return { state: 'dead', by: dead.name };
  const failing = parents.find(({ isFailing }) => isFailing);
  return failing === undefined ? { state: 'fine', by: null } : { state: 'failing', by: failing.name };
}
