import { z } from 'zod';

/** Any JSON value. One schema object for all, so that documents can name it once. */
export const jsonSchema = z.json();

/** See {@link jsonSchema}. */
export type Json = z.infer<typeof jsonSchema>;

/** A JSON object. */
export const jsonObjectSchema = z.record(z.string(), jsonSchema);

/** See {@link jsonObjectSchema}. */
export type JsonObject = z.infer<typeof jsonObjectSchema>;
