import { isJsonObject } from '../json.ts';
import type { Json, JsonObject, JsonTrail } from '../json.ts';
import { formatTrail, parseJsonPath } from './json-path.ts';
import { errorNames, StateError } from './state-error.ts';

/** What forbids a parsed path as a ResultPath, or null. Checked when a definition is saved. */
export function problemOfResultTrail(trail: JsonTrail): string | null {
  if (trail[0] === '_context') return '_context is read-only';
  if (typeof trail[0] === 'number') return 'the state of a run is an object, not an array';
  return null;
}

/**
 * The state document with `value` written at `path`: missing parents are made, `$` replaces the
 * whole document, which must stay an object. Throws a {@link StateError} when the way leads
 * through something that is not an object, or to an array element that does not exist.
 */
export function writeResultPath(document: JsonObject, path: string, value: Json): JsonObject {
  const parsed = parseJsonPath(path);
  if ('problem' in parsed) fail(`ResultPath ${path}: ${parsed.problem}`);
  const problem = problemOfResultTrail(parsed.trail);
  if (problem !== null) fail(`ResultPath ${path}: ${problem}`);
  const written = writeAt(document, parsed.trail, 0, value);
  if (!isJsonObject(written)) {
    fail(`ResultPath ${path} replaces the state of the run, which must be an object`);
  }
  return written;
}

function writeAt(document: Json | undefined, trail: JsonTrail, depth: number, value: Json): Json {
  const step = trail[depth];
  if (step === undefined) return value;
  const parent = formatTrail(trail.slice(0, depth));
  if (typeof step === 'number') {
    if (!Array.isArray(document)) fail(`cannot write ${formatTrail(trail)}: ${parent} is no array`);
    if (step >= document.length) {
      fail(`cannot write ${formatTrail(trail)}: ${parent} has ${document.length} elements`);
    }
    return document.with(step, writeAt(document[step], trail, depth + 1, value));
  }
  if (document !== undefined && !isJsonObject(document)) {
    fail(`cannot write ${formatTrail(trail)}: ${parent} is no object`);
  }
  const inner =
    document !== undefined && Object.hasOwn(document, step) ? document[step] : undefined;
  return { ...document, [step]: writeAt(inner, trail, depth + 1, value) };
}

function fail(message: string): never {
  throw new StateError(errorNames.resultPath, message);
}
