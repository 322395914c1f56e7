import type { Json, JsonObject } from '@interpulse/domain/json.ts';

/** An object with a member set, or without it. */
export function withMember(object: JsonObject, name: string, member: Json | undefined): JsonObject {
  if (member !== undefined) return { ...object, [name]: member };
  const { [name]: _, ...rest } = object;
  return rest;
}
