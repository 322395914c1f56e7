import { z } from 'zod';
import { jsonObjectSchema, jsonSchema, measureJson } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { checkInputSchema } from '../flow/validate-input.ts';
import { webInputLimits } from './web-input-limits.ts';

/** What a person is asked for: one of some options, some rows of a table, or a form's object. */
export const questionKinds = ['selection', 'table', 'form'] as const;

/** A value that an option stands for. */
const valueSchema = z.union([z.string(), z.number(), z.boolean()]);

/** What a person is asked, as it is kept and shown. */
export const questionSchema = z.strictObject({
  kind: z.enum(questionKinds),
  title: z.string(),
  /** Plain text above the question; empty for none. */
  text: z.string(),
  /** Facts above the question. */
  rows: z.array(z.strictObject({ field: z.string(), value: jsonSchema })),
  options: z.array(
    z.strictObject({
      value: valueSchema,
      label: z.string(),
      description: z.string(),
      /** What the columns show of it, by their names; empty where there is no table. */
      cells: jsonObjectSchema,
    }),
  ),
  columns: z.array(z.strictObject({ name: z.string(), label: z.string() })),
  /** Rows of the table that must be chosen, at least and at most. */
  least: z.number().int(),
  most: z.number().int().nullable(),
  /** JSON Schema (draft-07) of a form's answer; null for the others. */
  schema: jsonObjectSchema.nullable(),
});

/** See {@link questionSchema}. */
export type Question = z.infer<typeof questionSchema>;

/** Types of questions by the names that definitions use; the first is Globus', the others ours. */
export const inputTypes = { Selection: 'selection', Table: 'table', Form: 'form' } as const;

const { labelCharacters, descriptionCharacters, titleCharacters } = webInputLimits;

/** Expressions give numbers where people read text. */
const textOf = (most: number) =>
  z
    .union([z.string(), z.number(), z.boolean(), z.null()])
    .transform((value) => (value === null ? '' : String(value)))
    .pipe(z.string().max(most));

const optionSchema = z.object({
  Value: valueSchema,
  Label: textOf(labelCharacters).optional(),
  Description: textOf(descriptionCharacters).default(''),
  Cells: jsonObjectSchema.optional(),
});

const columnSchema = z.union([
  z.string().transform((name) => ({ name, label: name })),
  z
    .object({ Name: z.string(), Label: textOf(labelCharacters).optional() })
    .transform(({ Name: name, Label: label }) => ({ name, label: label ?? name })),
]);

const parametersSchema = z.object({
  InputType: z.enum(['Selection', 'Table', 'Form']),
  Context: z
    .object({
      PresentationStyle: z.enum(['Table', 'Text']).default('Text'),
      Title: textOf(titleCharacters).default(''),
      Text: textOf(webInputLimits.textCharacters).default(''),
      Rows: z
        .array(z.object({ Field: textOf(labelCharacters), Value: jsonSchema.default(null) }))
        .max(webInputLimits.rows)
        .default([]),
    })
    .prefault({}),
  Options: z.array(optionSchema).max(webInputLimits.options).default([]),
  Columns: z.array(columnSchema).max(webInputLimits.columns).optional(),
  Minimum: z.number().int().min(0).optional(),
  Maximum: z.number().int().min(1).optional(),
  Schema: jsonObjectSchema.optional(),
});

/** Names of parameters of a question that are read; the others are ignored with a warning. */
export const questionParameters = Object.keys(parametersSchema.shape);

/** A question made of evaluated parameters; or what is wrong with them, in one sentence. */
export function readQuestion(parameters: Json, state: string): Question | { problem: string } {
  const { questionBytes } = webInputLimits;
  if (measureJson(parameters, questionBytes, 64).sizeBytes > questionBytes) {
    return { problem: `a question has at most ${questionBytes} bytes` };
  }
  const parsed = parametersSchema.safeParse(parameters);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `${issue?.path.join('.') || 'the parameters'}: ${issue?.message ?? 'bad'}` };
  }
  const { InputType: type, Context: context, Options: options, Schema: schema } = parsed.data;
  const question: Question = {
    kind: inputTypes[type],
    title: context.Title || state,
    text: context.Text,
    rows: context.Rows.map(({ Field: field, Value: value }) => ({ field, value })),
    options: options.map((option) => ({
      value: option.Value,
      label: option.Label ?? String(option.Value),
      description: option.Description,
      cells: option.Cells ?? {},
    })),
    columns: type === 'Table' ? (parsed.data.Columns ?? columnsOf(options)) : [],
    least: type === 'Table' ? (parsed.data.Minimum ?? 0) : 1,
    most: type === 'Table' ? (parsed.data.Maximum ?? null) : 1,
    schema: type === 'Form' ? (schema ?? null) : null,
  };
  const problem = problemOf(question);
  return problem === null ? question : { problem };
}

function columnsOf(options: { Cells?: JsonObject | undefined }[]): Question['columns'] {
  const names = new Set(options.flatMap(({ Cells: cells }) => Object.keys(cells ?? {})));
  return [...names].slice(0, webInputLimits.columns).map((name) => ({ name, label: name }));
}

function problemOf({ kind, options, least, most, schema }: Question): string | null {
  if (kind === 'form') {
    if (schema === null) return 'Schema: a form needs a JSON Schema';
    const [fault] = checkInputSchema(schema);
    return fault === undefined ? null : `Schema.${fault.loc.join('.')}: ${fault.msg}`;
  }
  if (options.length === 0) return 'Options: there is nothing to choose from';
  const values = new Set(options.map(({ value }) => JSON.stringify(value)));
  if (values.size < options.length) return 'Options: two of them have the same Value';
  if (least > options.length) return `Minimum: there are ${options.length} options only`;
  return most !== null && most < least ? 'Maximum is less than Minimum' : null;
}
