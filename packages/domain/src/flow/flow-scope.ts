import type { BranchScope, FlowProgress } from './flow-progress.ts';
import type { Json, JsonObject, JsonTrail } from '../json.ts';
import { parseJsonPath, readJsonPath } from './json-path.ts';
import { isPrivateName } from './redact.ts';

/** A value, and where in it the parts are that viewers and logs may not see. */
export interface Shown {
  value: Json;
  privatePaths: JsonTrail[];
}

/** What paths and expressions of a state read. */
export interface FlowScope {
  /** The state document, with `_context`. */
  document: JsonObject;
  privatePaths: JsonTrail[];
}

/** The scope of a run's states as it stands; inside a Parallel or Map that of the branch. */
export function scopeOf(run: FlowProgress, inner?: BranchScope): FlowScope {
  const { data, privatePaths } = inner ?? run;
  const privateMembers = Object.keys(data).filter(isPrivateName);
  return {
    document: { ...data, _context: run.context },
    privatePaths: [...privatePaths, ...privateMembers.map((name) => [name])],
  };
}

/** The value at a path with its private parts. Throws a `StateError` when it leads nowhere. */
export function readShown(scope: FlowScope, path: string, errorName: string): Shown {
  const value = readJsonPath(scope.document, path, errorName);
  const parsed = parseJsonPath(path);
  const trail = 'trail' in parsed ? parsed.trail : [];
  if (trail.length > 0) return { value, privatePaths: privateWithin(trail, scope.privatePaths) };
  const { _context: _, ...data } = scope.document;
  return { value: data, privatePaths: scope.privatePaths };
}

/** The private paths at or below `trail`, as seen from there; `[[]]` when all of it is private. */
export function privateWithin(trail: JsonTrail, privatePaths: readonly JsonTrail[]): JsonTrail[] {
  return privatePaths
    .filter((path) => path.every((step, depth) => depth >= trail.length || step === trail[depth]))
    .map((path) => path.slice(trail.length));
}
