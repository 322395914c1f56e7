import type { z } from 'zod';

/**
 * Reads a message of a session. Hub, agents and pilots are upgraded one after the other: what a
 * newer sender says besides, an older receiver passes over instead of refusing the whole message.
 * @throws ZodError for a message that cannot be read without guessing.
 */
export function readMessage<T>(schema: z.ZodType<T>, body: unknown): T {
  const first = schema.safeParse(body);
  if (first.success) return first.data;
  const unknown = first.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  if (unknown.length < first.error.issues.length) throw first.error;
  const known: unknown = structuredClone(body);
  for (const { path, keys } of unknown) drop(known, path, keys);
  return schema.parse(known);
}

function drop(body: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  let place = body;
  for (const step of path) place = (place as Record<PropertyKey, unknown>)[step];
  for (const key of keys) Reflect.deleteProperty(place as object, key);
}
