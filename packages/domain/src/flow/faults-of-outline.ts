import { z } from 'zod';
import type { Fault } from '../error.ts';
import type { JsonTrail } from '../json.ts';
import { computedValue } from './outline-parameters.ts';
import type { Outline, OutlineObject } from './outline-parameters.ts';
import { schemaFaults } from './schema-faults.ts';

/**
 * What a schema has against a value of which only parts are known: faults that are there whatever
 * the computed parts turn out to be, all at once. Of a value that is known as a whole it refuses
 * what the schema refuses.
 */
export function faultsOfOutline(schema: z.ZodType, value: Outline, at: JsonTrail = []): Fault[] {
  if (value === computedValue) return [];
  if (schema instanceof z.ZodNullable && value === null) return [];
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    return faultsOfOutline(schema.unwrap() as z.ZodType, value, at);
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return faultsOfOutline(schema.unwrap() as z.ZodType, value, at);
  }
  if (schema instanceof z.ZodUnion) return ofUnion(schema, value, at);
  if (schema instanceof z.ZodObject && isOutlineObject(value)) {
    return [...ofObject(schema, value, at), ...ofRules(schema, value, at)];
  }
  if (schema instanceof z.ZodRecord && isOutlineObject(value)) {
    return [...ofRecord(schema, value, at), ...ofRules(schema, value, at)];
  }
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const element = schema.element as z.ZodType;
    const inside = value.flatMap((each, index) => faultsOfOutline(element, each, [...at, index]));
    return [...inside, ...ofRules(schema, value, at)];
  }
  if (schema instanceof z.ZodLazy && hasComputed(value)) return [];
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : schemaFaults(parsed.error.issues, at);
}

function ofObject(schema: z.ZodObject, value: OutlineObject, at: JsonTrail): Fault[] {
  const shape = schema.shape as Record<string, z.ZodType>;
  const fields = Object.entries(shape).flatMap(([name, field]): Fault[] => {
    const loc = [...at, name];
    const inner = Object.hasOwn(value, name) ? value[name] : undefined;
    if (inner !== undefined) return faultsOfOutline(field, inner, loc);
    if (field.safeParse(undefined).success) return [];
    return [{ loc, msg: `${name} is required`, type: 'missing' }];
  });
  if (!(schema.def.catchall instanceof z.ZodNever)) return fields;
  const known = Object.keys(shape).join(', ');
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(shape, name));
  const further = unknown.map((name) => {
    const msg = `there is no field ${name} here; there are ${known}`;
    return { loc: [...at, name], msg, type: 'unrecognized_key' };
  });
  return [...fields, ...further];
}

function ofRecord(schema: z.ZodRecord, value: OutlineObject, at: JsonTrail): Fault[] {
  const keys = schema.keyType as z.ZodType;
  const values = schema.valueType as z.ZodType;
  return Object.entries(value).flatMap(([name, inner]) => {
    const loc = [...at, name];
    const parsed = keys.safeParse(name);
    const ofKey = parsed.success ? [] : schemaFaults(parsed.error.issues, loc);
    return [...ofKey, ...faultsOfOutline(values, inner, loc)];
  });
}

/** Of several forms the value is refused in each: told is the one that it was to be, if clear. */
function ofUnion(schema: z.ZodUnion, value: Outline, at: JsonTrail): Fault[] {
  const options = schema.options as readonly z.ZodType[];
  const tried = options.map((option) => ({ option, faults: faultsOfOutline(option, value, at) }));
  if (tried.some(({ faults }) => faults.length === 0)) return [];
  const meant = tried.filter(({ option, faults }) =>
    schema instanceof z.ZodDiscriminatedUnion
      ? hasMark(option, value, schema.def.discriminator)
      : !faults.some(({ loc, type }) => loc.length === at.length && wrongKind.has(type)),
  );
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only.faults;
  if (schema instanceof z.ZodDiscriminatedUnion && !isOpen(value, schema.def.discriminator)) {
    const parsed = schema.safeParse(value);
    if (!parsed.success) return schemaFaults(parsed.error.issues, at);
  }
  const said = new Set((meant.length > 0 ? meant : tried).map(({ faults }) => faults[0]?.msg));
  return [{ loc: at, msg: [...said].join('; or '), type: 'invalid_union' }];
}

/** Types of faults of a value that is of another kind altogether. */
const wrongKind: ReadonlySet<string> = new Set(['invalid_type', 'invalid_value']);

function hasMark(option: z.ZodType, value: Outline, discriminator: string): boolean {
  if (!(option instanceof z.ZodObject) || !isOutlineObject(value)) return false;
  const mark = (option.shape as Record<string, z.ZodType>)[discriminator];
  return mark?.safeParse(value[discriminator]).success === true;
}

function isOpen(value: Outline, discriminator: string): boolean {
  return isOutlineObject(value) && value[discriminator] === computedValue;
}

/**
 * What the rules of a schema say, its refinements and lengths. One that never looks at a computed
 * part says the same whatever that is.
 */
function ofRules(schema: z.ZodType, value: Outline, at: JsonTrail): Fault[] {
  // Their type is that of checks of nothing in particular.
  const checks = (schema.def.checks ?? []) as unknown as z.core.$ZodCheck<unknown>[];
  return checks.flatMap((check) => {
    try {
      const parsed = z.unknown().check(check).safeParse(watched(value));
      return parsed.success ? [] : schemaFaults(parsed.error.issues, at);
    } catch {
      // It came to a computed part, or to one of a wrong type, of which is told already.
      return [];
    }
  });
}

/** The same value, throwing when a computed part of it is read. */
function watched(value: Outline): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key, receiver) {
      const inner: unknown = Reflect.get(target, key, receiver);
      if (inner === computedValue) throw new Error(`${String(key)} is computed`);
      return watched(inner as Outline);
    },
  });
}

function isOutlineObject(value: Outline): value is OutlineObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasComputed(value: Outline): boolean {
  if (value === computedValue) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasComputed);
}
