import { z } from 'zod';

/** A JSON value. Objects are treated as immutable everywhere. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object; read its members with `Object.hasOwn`, since names are other people's. */
export interface JsonObject {
  [name: string]: Json;
}

/** Names and indices from the root of a JSON document down to a value. */
export type JsonTrail = (string | number)[];

/** Whether a value is a JSON object, not null and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Size and nesting of a JSON value, as far as they were measured before a limit was passed. */
export interface JsonMeasure {
  /** UTF-8 bytes of the compact JSON text, without the escapes of control characters. */
  sizeBytes: number;
  depth: number;
}

/** Measures a value without recursion, and stops soon after a limit is passed. */
export function measureJson(value: unknown, maxBytes: number, maxDepth: number): JsonMeasure {
  let sizeBytes = 0;
  let deepest = 0;
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (sizeBytes > maxBytes || item.depth > maxDepth) {
      return { sizeBytes, depth: Math.max(deepest, item.depth) };
    }
    deepest = Math.max(deepest, item.depth);
    const { value: inner, depth } = item;
    if (typeof inner === 'string') sizeBytes += utf8Bytes(inner) + 2;
    else if (Array.isArray(inner)) {
      sizeBytes += 2 + Math.max(0, inner.length - 1);
      for (const element of inner) open.push({ value: element, depth: depth + 1 });
    } else if (isJsonObject(inner)) {
      sizeBytes += 2;
      for (const [name, member] of Object.entries(inner)) {
        sizeBytes += utf8Bytes(name) + 4;
        open.push({ value: member, depth: depth + 1 });
      }
    } else sizeBytes += String(inner).length;
  }
  return { sizeBytes, depth: deepest };
}

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Each half of a surrogate pair stands for two of the four bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** The schema of {@link Json}. One object for all, so that documents can name it once. */
export const jsonSchema: z.ZodType<Json> = z.json();

/** The schema of {@link JsonObject}. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), jsonSchema);
