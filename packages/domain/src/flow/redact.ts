import { isJsonObject } from '../json.ts';
import type { Json, JsonObject, JsonTrail } from '../json.ts';

/** What stands in the place of a value that viewers and logs may not see. */
export const redacted = '(private)';

/** A copy of `value` with everything at or below the given paths hidden. Missing paths are fine. */
export function redact(value: Json, privatePaths: readonly JsonTrail[]): Json {
  return privatePaths.reduce<Json>((rest, path) => hideAt(rest, path, 0), value);
}

function hideAt(value: Json, path: JsonTrail, depth: number): Json {
  const step = path[depth];
  if (step === undefined) return redacted;
  if (typeof step === 'number') {
    const inner = Array.isArray(value) ? value[step] : undefined;
    if (inner === undefined || !Array.isArray(value)) return value;
    return value.with(step, hideAt(inner, path, depth + 1));
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return value;
  return { ...value, [step]: hideAt(value[step] ?? null, path, depth + 1) };
}

/**
 * The state document of a run as its viewers may see it: without the values at `privatePaths`,
 * and without the members that the language keeps from everyone (`_private...`, `_tokens`).
 */
export function redactState(data: JsonObject, privatePaths: readonly JsonTrail[]): JsonObject {
  const shown = redact(data, privatePaths);
  if (!isJsonObject(shown)) return {};
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [name, isPrivateName(name) ? redacted : value]),
  );
}

/** Whether the language itself keeps a top-level member of the state from everyone. */
export function isPrivateName(name: string): boolean {
  return name.startsWith('_private') || name === '_tokens';
}
