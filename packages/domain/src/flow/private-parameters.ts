import { isJsonObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { privateNames, splitKey } from './parameters.ts';

/**
 * A definition as those see it who may not see its private parameters: without the values that
 * `__Private_Parameters` lists name. The lists stay, so that {@link restorePrivate} knows.
 */
export function hidePrivate(definition: JsonObject): JsonObject {
  const shown = hidden(definition);
  return isJsonObject(shown) ? shown : {};
}

function hidden(value: Json): Json {
  if (Array.isArray(value)) return value.map(hidden);
  if (!isJsonObject(value)) return value;
  const names = privateNames(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !names.includes(nameOf(key)))
      .map(([key, inner]) => [key, hidden(inner)]),
  );
}

/**
 * A definition that is saved by somebody who may not have seen all of the one before: private
 * parameters that are still listed but not given keep the values that they had.
 */
export function restorePrivate(definition: JsonObject, before: JsonObject): JsonObject {
  const restored = filled(definition, before);
  return isJsonObject(restored) ? restored : definition;
}

function filled(value: Json, before: Json | undefined): Json {
  if (Array.isArray(value)) {
    const old = Array.isArray(before) ? before : [];
    return value.map((element, index) => filled(element, old[index]));
  }
  if (!isJsonObject(value) || !isJsonObject(before)) return value;
  const names = privateNames(value);
  const given = new Set(Object.keys(value).map(nameOf));
  const kept = Object.entries(before).filter(([key]) => {
    const name = nameOf(key);
    return names.includes(name) && !given.has(name);
  });
  const own = Object.entries(value).map(([key, inner]) => {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    return [key, filled(inner, old)] as const;
  });
  return Object.fromEntries([...own, ...kept]);
}

/** `token`, `token.$` and `token.=` are one parameter. */
function nameOf(key: string): string {
  return splitKey(key).name;
}
