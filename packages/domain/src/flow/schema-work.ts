import type { Ajv } from 'ajv';
import { RE2JS } from 're2js';
import { flowLimits } from './flow-limits.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** Checking an input costs more steps than one check may take. */
export class TooMuchWork extends Error {}

/** What is counted of a subschema; no keyword of JSON Schema. */
const stepsKeyword = 'interpulse:steps';
/** Below these, a subschema is used as often as the input has members. */
const loops = new Set([
  'items',
  'additionalItems',
  'contains',
  'additionalProperties',
  'propertyNames',
]);
/** Below these are subschemas by names that mean nothing here. */
const maps = new Set(['properties', 'patternProperties', 'definitions', '$defs', 'dependencies']);
/** Below these are values, no subschemas. */
const values = new Set(['const', 'enum', 'default', 'examples']);

/**
 * Counts what checking against a schema of a stranger costs, and stops it. Patterns are matched in
 * time that grows with the text only, see `re2js`; they have no look-around and no back-references.
 */
export class SchemaWork {
  #left = 0;

  /** From here on so many steps may be taken. */
  allow(steps: number): void {
    this.#left = steps;
  }

  /** @throws TooMuchWork */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooMuchWork('the input takes too long to check');
  }

  /** What Ajv makes patterns of. */
  pattern(source: string): { test(text: string): boolean; toString(): string } {
    if (/\\k</.test(source)) throw new Error(`the pattern ${source} refers back to a group`);
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source));
    return {
      test: (text) => {
        this.spend(1 + text.length / 8);
        return compiled.matcher(text).find();
      },
      // Ajv tells patterns apart by it.
      toString: () => `/${source}/`,
    };
  }

  /** Adds what counts to a compiler, and replaces what compares each element with each other. */
  addTo(ajv: Ajv): void {
    ajv.addKeyword({
      keyword: stepsKeyword,
      schemaType: 'number',
      errors: false,
      validate: (steps: number) => {
        this.spend(steps);
        return true;
      },
    });
    ajv.removeKeyword('uniqueItems');
    ajv.addKeyword({
      keyword: 'uniqueItems',
      type: 'array',
      schemaType: 'boolean',
      error: { message: 'must NOT have duplicate items' },
      validate: (isWanted: boolean, list: Json[]) => {
        this.spend(list.length);
        return !isWanted || new Set(list.map(canonical)).size === list.length;
      },
    });
  }
}

/** The same text for equal values, whatever the order of their keys. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_key, inner: Json) =>
    isJsonObject(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A schema that counts: loops and references say how much lies below them. */
export function countedSchema(schema: JsonObject): JsonObject {
  const sizes = new Map<Json, number>();
  const visit = (value: Json, isLooped: boolean): Json => {
    if (Array.isArray(value)) return value.map((inner) => visit(inner, isLooped));
    if (!isJsonObject(value)) return value;
    const counted: JsonObject = Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (values.has(key)) return [key, inner];
        if (!maps.has(key) || !isJsonObject(inner)) return [key, visit(inner, loops.has(key))];
        const isLoop = key === 'patternProperties';
        const own = Object.entries(inner).map(([name, each]) => [name, visit(each, isLoop)]);
        return [key, Object.fromEntries(own)];
      }),
    );
    const { $ref: reference } = value;
    const target = typeof reference === 'string' ? pointedAt(schema, reference) : undefined;
    const steps =
      (isLooped ? sizeOf(value, sizes) : 0) +
      (typeof reference === 'string' ? sizeOf(target ?? schema, sizes) : 0);
    return steps === 0 ? counted : { ...counted, [stepsKeyword]: steps };
  };
  const counted = visit(schema, false);
  return isJsonObject(counted) ? counted : schema;
}

/** Why compiling a schema would keep all others waiting; null when it would not. */
export function compilingProblem(schema: JsonObject): string | null {
  const { schemaValues, schemaPatterns, schemaPatternCharacters } = flowLimits;
  const patterns: string[] = [];
  let count = 0;
  const visit = (value: Json, isOfNames: boolean): void => {
    count += 1;
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (!isOfNames && values.has(key)) continue;
      if (!isOfNames && key === 'pattern' && typeof inner === 'string') patterns.push(inner);
      if (!isOfNames && key === 'patternProperties') patterns.push(...Object.keys(inner ?? {}));
      visit(inner, !isOfNames && maps.has(key));
    }
  };
  visit(schema, false);
  if (count > schemaValues) return `the schema has ${count} values; take at most ${schemaValues}`;
  if (patterns.length > schemaPatterns) {
    return `the schema has ${patterns.length} patterns; take at most ${schemaPatterns}`;
  }
  const characters = patterns.join('').length;
  const most = schemaPatternCharacters;
  return characters > most
    ? `the patterns of the schema have ${characters} characters; take at most ${most}`
    : null;
}

/** How many values are in a value, itself included. */
export function sizeOf(value: Json, sizes = new Map<Json, number>()): number {
  if (typeof value !== 'object' || value === null) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const inner: Json[] = Array.isArray(value) ? value : Object.values(value);
  const size = inner.reduce<number>((sum, each) => sum + sizeOf(each, sizes), 1);
  sizes.set(value, size);
  return size;
}

function pointedAt(schema: JsonObject, reference: string): Json | undefined {
  if (!reference.startsWith('#')) return undefined;
  let value: Json | undefined = schema;
  for (const part of reference.slice(1).split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}
