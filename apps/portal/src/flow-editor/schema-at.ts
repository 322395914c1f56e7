import {
  isJsonObject,
  type Json,
  type JsonObject,
  type JsonTrail,
} from '@interpulse/domain/json.ts';

/** Schemas that may hold at a place, alternatives beside each other. */
export type Candidates = JsonObject[];

/**
 * The schemas for what a trail leads to in `value`. Of alternatives those are left that the value's
 * own constants (such as `Type`) allow.
 */
export function schemasAt(root: JsonObject, at: JsonTrail, value: unknown): Candidates {
  let schemas = alternatives(root, root, value);
  let here = value;
  for (const step of at) {
    here = member(here, step);
    schemas = schemas.flatMap((schema) => {
      const inner = typeof step === 'number' ? schema['items'] : propertySchema(schema, step);
      return isJsonObject(inner) ? alternatives(inner, root, here) : [];
    });
  }
  return schemas;
}

/** The keys that may stand in an object with these schemas, required ones first. */
export function keysOf(schemas: Candidates): { name: string; isRequired: boolean; schema: Json }[] {
  const keys = new Map<string, { name: string; isRequired: boolean; schema: Json }>();
  for (const schema of schemas) {
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
    for (const [name, inner] of Object.entries(properties)) {
      const isRequired = required.includes(name);
      const known = keys.get(name);
      if (known === undefined) keys.set(name, { name, isRequired, schema: inner });
      else known.isRequired &&= isRequired;
    }
  }
  return [...keys.values()].toSorted(
    (one, other) => Number(other.isRequired) - Number(one.isRequired),
  );
}

/** The values that these schemas name: constants, choices, true and false. */
export function valuesOf(schemas: Candidates): Json[] {
  return schemas.flatMap((schema) => {
    if (schema['const'] !== undefined) return [schema['const']];
    if (Array.isArray(schema['enum'])) return schema['enum'];
    return schema['type'] === 'boolean' ? [true, false] : [];
  });
}

function propertySchema(schema: JsonObject, name: string): Json | undefined {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  if (Object.hasOwn(properties, name)) return properties[name];
  return schema['additionalProperties'];
}

function member(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
}

/** Follows references and opens alternatives. */
function alternatives(schema: JsonObject, root: JsonObject, value: unknown, depth = 0): Candidates {
  if (depth > 12) return [];
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const target = reference
      .split('/')
      .slice(1)
      .reduce<Json | undefined>(
        (here, step) => (isJsonObject(here) ? here[step] : undefined),
        root,
      );
    return isJsonObject(target) ? alternatives(target, root, value, depth + 1) : [];
  }
  const inner = schema['oneOf'] ?? schema['anyOf'];
  if (!Array.isArray(inner)) return [schema];
  const all = inner
    .filter(isJsonObject)
    .flatMap((each) => alternatives(each, root, value, depth + 1));
  const fitting = all.filter((each) => fitsConstants(each, value));
  return fitting.length > 0 ? fitting : all;
}

/** Whether the value's members that the schema fixes are as it fixes them. */
function fitsConstants(schema: JsonObject, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).every(([name, inner]) => {
    if (!isJsonObject(inner) || inner['const'] === undefined) return true;
    const own = member(value, name);
    return own === inner['const'];
  });
}
