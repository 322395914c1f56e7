import type { JsonTrail } from '../json.ts';

/** A branch's path for people: `Each[3]`, or `Each[3]/Both[0]`; empty for the flow itself. */
export function formatBranchPath(path: JsonTrail): string {
  const parts = path.map((step) => (typeof step === 'number' ? `[${step}]` : `/${step}`));
  return parts.join('').slice(1);
}

/** A state with the branch that it is in: `Each[3]/Analyze`, or only `Analyze`. */
export function placeOf(path: JsonTrail, state: string): string {
  return path.length === 0 ? state : `${formatBranchPath(path)}/${state}`;
}
