import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';
import { nameSchema } from '../location.ts';
import { limits } from '../limits.ts';

/** What a job asks of a site. */
export const resourcesSchema = z.strictObject({
  nodes: z.number().int().min(1).max(100_000).default(1),
  /** Cores per node. */
  cores: z.number().int().min(1).max(4096).default(1),
  /** GPUs per node. */
  gpus: z.number().min(0).max(64).default(0),
  /** Memory per node in bytes; 0 means not stated. */
  memoryBytes: z.number().int().min(0).default(0),
  walltimeSeconds: z
    .number()
    .int()
    .min(1)
    .max(30 * 86_400)
    .default(3600),
});

/** See {@link resourcesSchema}. */
export type Resources = z.infer<typeof resourcesSchema>;

/**
 * One word of a command. `{name}` stands for a parameter's value or the path of an input; `{{` and
 * `}}` for braces. A list of words is left out as a whole when a name in it has no value. Words are
 * passed to the program as they are, never joined into a shell line.
 */
export const commandWordSchema = z.union([
  z.string().max(4096),
  z.array(z.string().max(4096)).min(1).max(64),
]);

/** An app: a named program that sites can run. */
export const appSchema = z.strictObject({
  name: nameSchema,
  title: z.string().max(limits.nameLength).default(''),
  description: z.string().max(10_000).default(''),
  /** Program and arguments; the first word is looked up on the site's PATH. */
  command: z.array(commandWordSchema).min(1).max(256),
  /** JSON Schema (draft-07) of the parameters object. */
  parameters: jsonObjectSchema.default({}),
  /** Input files or folders, by parameter name. */
  inputs: z
    .array(
      z.strictObject({
        name: nameSchema,
        required: z.boolean().default(true),
        description: z.string().default(''),
      }),
    )
    .max(64)
    .default([]),
  /** Output files, relative to the work directory; `*` matches within one name. */
  outputs: z
    .array(
      z.strictObject({
        name: nameSchema,
        path: z.string().min(1).max(1024),
        required: z.boolean().default(true),
      }),
    )
    .max(64)
    .default([]),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  resources: resourcesSchema.prefault({}),
});

/** See {@link appSchema}. */
export type App = z.infer<typeof appSchema>;
/** An app as people write it, before defaults. */
export type AppInput = z.input<typeof appSchema>;
