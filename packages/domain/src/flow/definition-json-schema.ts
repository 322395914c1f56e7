import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { actionInputSchemas } from './action-inputs.ts';
import { definitionSchema } from './definition.ts';

/**
 * The JSON Schema (2020-12) of the language, for editors: made from the schema that parses
 * definitions, so that it says the same. It leaves out what only `parseDefinition` can check.
 */
export function definitionJsonSchema(): JsonObject {
  return toJsonSchema(definitionSchema);
}

/** The JSON Schemas of the inputs of built-in actions, by the NAME in `interpulse:NAME`. */
export function actionInputJsonSchemas(): Record<string, JsonObject> {
  return Object.fromEntries(
    Object.entries(actionInputSchemas).map(([name, schema]) => [name, toJsonSchema(schema)]),
  );
}

function toJsonSchema(schema: z.ZodType): JsonObject {
  // What a person writes, before defaults; refinements have no form there.
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject;
}
