import { isJsonObject } from '../json.ts';
import type { Json, JsonObject, JsonTrail } from '../json.ts';
import { privateKey, privateNames, splitKey } from './parameters.ts';

/** Stands where only a flow run knows the value. */
export const computedValue = Symbol('computed');

/** A JSON value some of whose parts are computed. */
export type Outline = Json | typeof computedValue | Outline[] | OutlineObject;

/** See {@link Outline}. */
export interface OutlineObject {
  [name: string]: Outline;
}

/**
 * What Parameters will be, as far as it is known before a flow run: `name.$` and `name.=` become
 * `name` with {@link computedValue}.
 */
export function outlineParameters(parameters: JsonObject): OutlineObject {
  const members = Object.entries(parameters)
    .filter(([key]) => key !== privateKey)
    .map(([key, inner]) => {
      const { name, form } = splitKey(key);
      return [name, form === null ? outlineValue(inner) : computedValue] as const;
    });
  // Who may not see private values gets a definition that has their names only.
  const hidden = privateNames(parameters).map((name) => [name, computedValue] as const);
  return Object.fromEntries([...hidden, ...members]);
}

function outlineValue(value: Json): Outline {
  if (Array.isArray(value)) return value.map(outlineValue);
  return isJsonObject(value) ? outlineParameters(value) : value;
}

/** Where Parameters, as they are written, have what is at `trail` of their outline. */
export function placeOfParameter(parameters: JsonObject, trail: JsonTrail): JsonTrail {
  let value: Json | undefined = parameters;
  return trail.map((step) => {
    if (Array.isArray(value)) {
      value = value[Number(step)];
      return step;
    }
    if (!isJsonObject(value)) return step;
    const key = Object.keys(value).find((each) => splitKey(each).name === step) ?? step;
    value = value[key];
    return key;
  });
}
