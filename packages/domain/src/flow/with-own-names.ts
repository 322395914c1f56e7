import { isJsonObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';

/** Formats that say how an object is chosen in a form; their own properties check the value. */
export const formFormats = ['globus-collection', 'globus-principal', 'globus-flow'];

/** The format of an id in such an object: a UUID as there, or a name as here. */
export const ownNameFormat = 'globus-id';

/** What has {@link ownNameFormat}: `raw`, `user:ada`, or a UUID, which is such a name too. */
export const ownNamePattern = /^(?:(?:user|project|urn:uuid):)?[a-z0-9][a-z0-9._-]{0,62}$/i;

/**
 * An input schema of Globus with which collections, people and flows may be named as they are
 * here: the `id` of such an object is a UUID there, and that of nothing at a hub of one's own.
 */
export function withOwnNames(schema: JsonObject): JsonObject {
  const named = visit(schema);
  return isJsonObject(named) ? named : schema;
}

/** Values, not schemas. */
const values = new Set(['const', 'default', 'enum', 'examples']);

function visit(value: Json): Json {
  if (Array.isArray(value)) return value.map(visit);
  if (!isJsonObject(value)) return value;
  const visited: JsonObject = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, values.has(key) ? inner : visit(inner)]),
  );
  const { format, properties } = visited;
  if (typeof format !== 'string' || !formFormats.includes(format)) return visited;
  const id = isJsonObject(properties) ? properties['id'] : undefined;
  if (!isJsonObject(properties) || !isJsonObject(id) || id['format'] !== 'uuid') return visited;
  return { ...visited, properties: { ...properties, id: { ...id, format: ownNameFormat } } };
}
