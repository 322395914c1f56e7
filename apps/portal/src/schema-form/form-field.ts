import { isJsonObject, type Json, type JsonObject } from '@interpulse/domain/json.ts';

/** How a value is asked for. */
export type FieldKind =
  | 'text'
  | 'longText'
  | 'number'
  | 'integer'
  | 'textOrNumber'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'variants'
  | 'object'
  | 'collectionObject'
  | 'list'
  | 'location'
  | 'instant'
  | 'json';

/** One value of a form, as its JSON Schema (draft-07) describes it. */
export interface FormField {
  /** Its name within the object; empty for the form itself and for elements of a list. */
  name: string;
  label: string;
  description: string;
  kind: FieldKind;
  isRequired: boolean;
  /** The schema with references followed. */
  schema: JsonObject;
  /** What may be chosen, with words. */
  options: { value: Json; label: string }[];
  /** Forms that it may take instead of one. */
  variants: { label: string; schema: JsonObject }[];
  /** What counts when nothing is given; undefined when the schema does not say. */
  byDefault: Json | undefined;
}

/** A pattern that only locations have: the name of a collection, a colon, a path. */
const locationPattern = /^\^\[a-z0-9\][^:]*:\//;
const longTextCharacters = 300;

/** Follows references within the schema, and joins what `allOf` says. */
export function resolveSchema(schema: unknown, root: JsonObject, depth = 0): JsonObject {
  if (!isJsonObject(schema) || depth > 20) return {};
  const { $ref: reference, allOf, ...rest } = schema;
  let whole: JsonObject = rest;
  if (typeof reference === 'string') {
    whole = { ...resolveSchema(lookUp(reference, root), root, depth + 1), ...rest };
  }
  for (const part of Array.isArray(allOf) ? allOf : []) {
    const { properties, required, ...others } = resolveSchema(part, root, depth + 1);
    whole = { ...others, ...whole };
    if (isJsonObject(properties)) {
      const own = isJsonObject(whole['properties']) ? whole['properties'] : {};
      whole['properties'] = { ...properties, ...own };
    }
    if (Array.isArray(required)) {
      const own = Array.isArray(whole['required']) ? whole['required'] : [];
      whole['required'] = [...own, ...required];
    }
  }
  return whole;
}

function lookUp(reference: string, root: JsonObject): Json | undefined {
  if (!reference.startsWith('#')) return undefined;
  const steps = reference.slice(1).split('/').filter(Boolean);
  let value: Json | undefined = root;
  for (const step of steps) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    value = isJsonObject(value) ? value[name] : undefined;
  }
  return value;
}

/** Describes one value of a form. */
export function formField(
  name: string,
  schema: unknown,
  root: JsonObject,
  isRequired: boolean,
): FormField {
  const resolved = resolveSchema(schema, root);
  const options = optionsOf(resolved);
  const kind = options.length > 0 ? 'choice' : kindOf(resolved, root);
  const title = resolved['title'];
  const description = resolved['description'];
  return {
    name,
    label: typeof title === 'string' && title !== '' ? title : name,
    description: typeof description === 'string' ? description : '',
    kind,
    isRequired,
    schema: resolved,
    options: kind === 'choices' ? optionsOf(itemsOf(resolved, root)) : options,
    variants: kind === 'variants' ? variantsOf(resolved, root) : [],
    byDefault: resolved['default'],
  };
}

/** The members that an object's schema names: in its `propertyOrder`, else as written. */
export function memberFields(schema: JsonObject, root: JsonObject): FormField[] {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const order = Array.isArray(schema['propertyOrder']) ? schema['propertyOrder'] : [];
  const names = Object.keys(properties);
  const placeOf = (name: string): number => {
    const listed = order.indexOf(name);
    if (listed >= 0) return listed;
    const property = properties[name];
    // The other form of the hint: a number in each property.
    const own = isJsonObject(property) ? property['propertyOrder'] : undefined;
    return typeof own === 'number' ? own : order.length + names.indexOf(name);
  };
  return names
    .toSorted((one, other) => placeOf(one) - placeOf(other))
    .map((name) => formField(name, properties[name], root, required.has(name)));
}

/** The schema of a list's elements. */
export function itemsOf(schema: JsonObject, root: JsonObject): JsonObject {
  const { items } = schema;
  return resolveSchema(Array.isArray(items) ? items[0] : items, root);
}

/** What a form begins with: defaults, and objects that must be there. Undefined for nothing. */
export function startValue(schema: unknown, root: JsonObject, depth = 0): Json | undefined {
  const resolved = resolveSchema(schema, root);
  if (resolved['default'] !== undefined) return resolved['default'];
  if (resolved['const'] !== undefined) return resolved['const'];
  if (!isJsonObject(resolved['properties']) || depth > 10) return undefined;
  const value: JsonObject = {};
  for (const field of memberFields(resolved, root)) {
    const inner = startValue(field.schema, root, depth + 1);
    const isWorth = field.isRequired || (inner !== undefined && !isEmptyObject(inner));
    if (inner !== undefined && isWorth) value[field.name] = inner;
  }
  return value;
}

function isEmptyObject(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function optionsOf(schema: JsonObject): FormField['options'] {
  if ('const' in schema) return [optionOf(schema['const'] ?? null)];
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => optionOf(value));
  const alternatives = schema['oneOf'] ?? schema['anyOf'];
  if (!Array.isArray(alternatives) || alternatives.length === 0) return [];
  const constants = alternatives.filter(
    (each): each is JsonObject => isJsonObject(each) && 'const' in each,
  );
  if (constants.length !== alternatives.length) return [];
  return constants.map((each) => optionOf(each['const'] ?? null, each['title']));
}

function optionOf(value: Json, title?: Json): { value: Json; label: string } {
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return { value, label: typeof title === 'string' ? title : words };
}

function variantsOf(schema: JsonObject, root: JsonObject): FormField['variants'] {
  const { oneOf, anyOf, default: _, ...shared } = schema;
  const alternatives = Array.isArray(oneOf) ? oneOf : Array.isArray(anyOf) ? anyOf : [];
  return alternatives.map((each) => {
    const own = resolveSchema(each, root);
    const { title } = own;
    const label = typeof title === 'string' && title !== schema['title'] ? title : typeWords(own);
    const { title: __, description: ___, ...plain } = shared;
    return { label, schema: { ...plain, ...own } };
  });
}

function typeWords(schema: JsonObject): string {
  const words: Record<string, string> = {
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'yes or no',
    array: 'list',
    object: 'several fields',
    null: 'nothing',
  };
  const { type } = schema;
  return (typeof type === 'string' ? words[type] : undefined) ?? 'something else';
}

function kindOf(schema: JsonObject, root: JsonObject): FieldKind {
  if (Array.isArray(schema['oneOf']) || Array.isArray(schema['anyOf'])) {
    // Alternatives that only say which members go together are no forms of their own.
    return schema['properties'] === undefined ? 'variants' : 'object';
  }
  const types = (Array.isArray(schema['type']) ? schema['type'] : [schema['type']]).filter(
    (type) => type !== 'null',
  );
  const plainTypes: (Json | undefined)[] = ['string', 'number', 'integer'];
  const isPlain = types.every((type) => plainTypes.includes(type));
  if (types.length > 1) return isPlain ? 'textOrNumber' : 'json';
  switch (types[0] ?? (isJsonObject(schema['properties']) ? 'object' : undefined)) {
    case 'string':
      return textKind(schema);
    case 'number':
      return 'number';
    case 'integer':
      return 'integer';
    case 'boolean':
      return 'boolean';
    case 'array':
      return listKind(schema, root);
    case 'object':
      return objectKind(schema);
    default:
      return 'json';
  }
}

function textKind(schema: JsonObject): FieldKind {
  const { format, pattern, maxLength } = schema;
  if (format === 'date-time') return 'instant';
  if (format === 'interpulse-location') return 'location';
  if (typeof pattern === 'string' && locationPattern.test(pattern)) return 'location';
  return typeof maxLength === 'number' && maxLength > longTextCharacters ? 'longText' : 'text';
}

function listKind(schema: JsonObject, root: JsonObject): FieldKind {
  const items = itemsOf(schema, root);
  if (optionsOf(items).length > 0) return 'choices';
  return Object.keys(items).length === 0 ? 'json' : 'list';
}

function objectKind(schema: JsonObject): FieldKind {
  if (!isJsonObject(schema['properties'])) return 'json';
  const hint = schema['format'];
  return hint === 'globus-collection' ? 'collectionObject' : 'object';
}

/** A field's kind and bounds in words, for an empty box. */
export function fieldWords({ kind, schema }: FormField): string {
  const words: Partial<Record<FieldKind, string>> = {
    number: 'number',
    integer: 'whole number',
    textOrNumber: 'text or number',
    json: 'JSON',
  };
  const least = schema['minimum'] ?? schema['exclusiveMinimum'];
  const most = schema['maximum'] ?? schema['exclusiveMaximum'];
  const hint = schema['format'] === 'uuid' ? 'a UUID' : (words[kind] ?? '');
  const bounds = [
    typeof least === 'number' ? `at least ${least}` : '',
    typeof most === 'number' ? `at most ${most}` : '',
  ];
  return [hint, ...bounds].filter((word) => word !== '').join(', ');
}
