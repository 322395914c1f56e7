import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';
import { nameSchema } from '../location.ts';
import { limits } from '../limits.ts';
import { withoutDefaults } from '../without-defaults.ts';

/** What a job asks of a site. */
export const resourcesSchema = z.strictObject({
  nodes: z.number().int().min(1).max(100_000).default(1),
  /** MPI ranks per node; more than one, or more than one node, needs the site's launcher. */
  ranksPerNode: z.number().int().min(1).max(4096).default(1),
  /** Cores per node, for all ranks on it together. */
  cores: z.number().int().min(1).max(4096).default(1),
  /** Threads per rank (`OMP_NUM_THREADS`); 0 for the cores that a rank has. */
  threadsPerRank: z.number().int().min(0).max(4096).default(0),
  /** GPUs per node: a whole number, or a part of one GPU (0.5) that others may share. */
  gpus: z
    .number()
    .min(0)
    .max(64)
    .refine((gpus) => gpus < 1 || Number.isInteger(gpus), 'less than one GPU, or whole GPUs')
    .default(0),
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

/** A command template: program and arguments. */
export const commandSchema = z.array(commandWordSchema).min(1).max(256);

/** Environment variables. */
export const environmentSchema = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string());

/** What is done when an attempt ends badly: nothing (it fails), or another attempt. */
export const retryRuleSchema = z.strictObject({
  /** Further attempts; 0 to fail at once. Lost and preempted attempts do not count. */
  retries: z.number().int().min(0).max(20).default(0),
  /** Wait before the first of them. */
  delaySeconds: z.number().min(0).max(86_400).default(0),
  /** Each further wait is so many times longer. */
  backoffRate: z.number().min(1).max(10).default(2),
  /** Only after these exit codes; any, when left out. */
  exitCodes: z.array(z.number().int().min(0).max(255)).min(1).max(64).optional(),
  /** What further attempts ask for instead. */
  resources: withoutDefaults(resourcesSchema).default({}),
});

/** See {@link retryRuleSchema}. */
export type RetryRule = z.infer<typeof retryRuleSchema>;

/**
 * The part of an app that runs: what a site allows or not, by its digest
 * (see `describeAppCode`).
 */
export const appCodeSchema = z.strictObject({
  /** Program and arguments; the first word is looked up on the site's PATH. */
  command: commandSchema,
  /**
   * True when the command is one line for `/bin/sh`: values are put into it quoted, each as one
   * word. Otherwise nothing is ever joined into a line.
   */
  shell: z.boolean().default(false),
  /** Lines for `bash` that come before: `module load`, `source`. What they set stays set. */
  preamble: z.array(z.string().min(1).max(4096)).max(64).default([]),
  /** Commands run one after another in the work directory before the command, as templates. */
  pre: z.array(commandSchema).max(16).default([]),
  /** The same after a command that ended well; the job fails when one fails. */
  post: z.array(commandSchema).max(16).default([]),
  environment: environmentSchema.default({}),
});

/** See {@link appCodeSchema}. */
export type AppCode = z.infer<typeof appCodeSchema>;

/** An app: a named program that sites can run. */
export const appSchema = z.strictObject({
  name: nameSchema,
  title: z.string().max(limits.nameLength).default(''),
  description: z.string().max(10_000).default(''),
  /** The program's own version, for provenance. */
  version: z.string().max(limits.nameLength).default(''),
  ...appCodeSchema.shape,
  /** The same program at sites where it is called otherwise: what is given replaces the above. */
  variants: z.record(nameSchema, withoutDefaults(appCodeSchema)).default({}),
  /** The only sites that have it; null for any. */
  sites: z.array(nameSchema).min(1).nullable().default(null),
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
  resources: resourcesSchema.prefault({}),
  onError: retryRuleSchema.prefault({}),
  onTimeout: retryRuleSchema.prefault({}),
  /** It goes on where it stopped when it is started again: it may start with too little time. */
  restartable: z.boolean().default(false),
  /** Its jobs get a token of their own, to submit and cancel jobs of the same project. */
  mayUseHub: z.boolean().default(false),
});

/** See {@link appSchema}. */
export type App = z.infer<typeof appSchema>;
/** An app as people write it, before defaults. */
export type AppInput = z.input<typeof appSchema>;
