import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';

/** The input files of an app as a JSON Schema: they are asked for as any other location is. */
export function inputsSchema(inputs: Schemas['RegisteredApp']['inputs']): JsonObject {
  const properties = Object.fromEntries(
    inputs.map(({ name, description }) => {
      const location = { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]{0,62}:/.+' };
      return [name, { ...location, description }];
    }),
  );
  const required = inputs.filter((input) => input.required).map(({ name }) => name);
  return { type: 'object', properties, required, additionalProperties: false };
}
