import { redacted } from './flow/redact.ts';
import { isJsonObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * An object with changes laid over it (RFC 7396): objects are gone into, null removes, all else
 * replaces. What was shown as hidden and comes back so stays as it was.
 */
export function mergeJson(base: JsonObject, changes: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [name, change] of Object.entries(changes)) {
    const old = Object.hasOwn(base, name) ? base[name] : undefined;
    if (change === redacted && old !== undefined) continue;
    if (change === null) delete merged[name];
    else if (isJsonObject(change)) merged[name] = mergeJson(isJsonObject(old) ? old : {}, change);
    else merged[name] = keepHidden(change, old);
  }
  return merged;
}

/** A value that replaces another one; what of it was shown as hidden stays as it was. */
export function keepHidden(value: Json, before: Json | undefined): Json {
  if (value === redacted) return before ?? value;
  if (Array.isArray(value)) {
    const old = Array.isArray(before) ? before : [];
    return value.map((element, index) => keepHidden(element, old[index]));
  }
  if (!isJsonObject(value)) return value;
  const old = isJsonObject(before) ? before : {};
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      keepHidden(inner, Object.hasOwn(old, name) ? old[name] : undefined),
    ]),
  );
}
