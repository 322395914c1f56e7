/** How a parameter is asked for. */
export type FieldKind = 'text' | 'number' | 'integer' | 'value' | 'boolean' | 'choice' | 'json';

/** One parameter of an app, as its JSON Schema describes it. */
export interface SchemaField {
  name: string;
  label: string;
  description: string;
  kind: FieldKind;
  isRequired: boolean;
  /** What may be chosen, as JSON values; empty when it is not a choice. */
  choices: unknown[];
  least: number | null;
  most: number | null;
  /** What counts when nothing is given; undefined when the schema does not say. */
  byDefault: unknown;
}

/** What was typed, by name. */
export type FieldInputs = Record<string, string>;

type Schema = Record<string, unknown>;

/** The parameters that a JSON Schema names, in its order; empty when it names none. */
export function schemaFields(schema: unknown): SchemaField[] {
  const { properties, required } = asObject(schema);
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(asObject(properties)).map(([name, member]) => {
    const each = asObject(member);
    return {
      name,
      label: typeof each['title'] === 'string' ? each['title'] : name,
      description: typeof each['description'] === 'string' ? each['description'] : '',
      kind: kindOf(each),
      isRequired: needed.has(name),
      choices: choicesOf(each),
      least: numberOr(each['minimum'] ?? each['exclusiveMinimum']),
      most: numberOr(each['maximum'] ?? each['exclusiveMaximum']),
      byDefault: each['default'],
    };
  });
}

function asObject(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Schema)
    : {};
}

function numberOr(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function choicesOf(member: Schema): unknown[] {
  if ('const' in member) return [member['const']];
  return Array.isArray(member['enum']) ? member['enum'] : [];
}

function kindOf(member: Schema): FieldKind {
  if (choicesOf(member).length > 0) return 'choice';
  const { type } = member;
  const types = (Array.isArray(type) ? type : [type]).filter((each) => each !== 'null');
  const isPlain = types.every((each) => ['string', 'number', 'integer'].includes(String(each)));
  if (types.length > 1) return isPlain ? 'value' : 'json';
  switch (types[0]) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'integer':
      return 'integer';
    case 'boolean':
      return 'boolean';
    default:
      return 'json';
  }
}

/** The value of one field: to be sent, to be left out, or why it is not one. */
export type FieldReading = { value: unknown } | { fault: string } | null;

/** Reads what was typed into a field. */
export function readField(field: SchemaField, input: string | undefined): FieldReading {
  const text = input?.trim() ?? '';
  if (text === '') {
    const isMissing = field.isRequired && field.byDefault === undefined;
    return isMissing ? { fault: 'is needed' } : null;
  }
  switch (field.kind) {
    case 'text':
      return { value: input };
    case 'choice':
    case 'json':
      return readJson(text);
    case 'value':
      return { value: isNumber(text) ? Number(text) : text };
    case 'number':
    case 'integer':
      return readNumber(field, text);
    case 'boolean':
      return { value: text === 'true' };
  }
}

function readJson(text: string): FieldReading {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { fault: 'is not JSON' };
  }
}

function isNumber(text: string): boolean {
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text);
}

function readNumber(field: SchemaField, text: string): FieldReading {
  const value = Number(text);
  if (!isNumber(text)) return { fault: 'is not a number' };
  if (field.kind === 'integer' && !Number.isInteger(value)) return { fault: 'must be whole' };
  if (field.least !== null && value < field.least) return { fault: `at least ${field.least}` };
  if (field.most !== null && value > field.most) return { fault: `at most ${field.most}` };
  return { value };
}

/** What to show in a field for a value that is there already. */
export function inputOf(field: SchemaField, value: unknown): string {
  const isJson = field.kind === 'json' || field.kind === 'choice';
  if (typeof value === 'string' && !isJson) return value;
  return JSON.stringify(value);
}

/** A field's kind and bounds, in words. */
export function fieldWords(field: SchemaField): string {
  const { kind, least, most, choices } = field;
  if (kind === 'choice') return choices.map((choice) => valueWords(choice)).join(', ');
  const words: Record<Exclude<FieldKind, 'choice'>, string> = {
    text: 'text',
    number: 'number',
    integer: 'whole number',
    value: 'text or number',
    boolean: 'yes or no',
    json: 'JSON',
  };
  const bounds = [
    least === null ? '' : `at least ${least}`,
    most === null ? '' : `at most ${most}`,
  ].filter((word) => word !== '');
  return [words[kind], ...bounds].join(', ');
}

/** A value of JSON as people read it. */
export function valueWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
