import { z } from 'zod';
import { appSchema, resourcesSchema } from '../app/app.ts';
import { idSchema } from '../id.ts';
import { resultReportSchema } from '../instrument/run-result.ts';
import { runLimits } from '../instrument/run-limits.ts';
import { jobOutputSchema, jobRequestSchema } from '../job/job.ts';
import { urgencySchema } from '../job/urgency.ts';
import { instantSchema } from '../time.ts';
import { withoutDefaults } from '../without-defaults.ts';
import { jsonObjectSchema, jsonSchema } from '../json.ts';
import { limits } from '../limits.ts';
import { locationSchema, nameSchema } from '../location.ts';
import {
  collectionDetailsSchema,
  collectionInputSchema,
  deleteDetailsSchema,
  deleteInputSchema,
  listDetailsSchema,
  listInputSchema,
  mkdirDetailsSchema,
  mkdirInputSchema,
  statDetailsSchema,
  statInputSchema,
} from './file-action-inputs.ts';
import { accessDetailsSchema, accessInputSchema } from './access-input.ts';
import { flowLimits } from './flow-limits.ts';
import { notifyDetailsSchema, notifyInputSchema } from './notify-input.ts';

const labelSchema = z.string().max(limits.nameLength);

const asked = jobRequestSchema.shape;

/** What the jobs of one step may differ in; each goes before what the step says for all. */
const computeTaskSchema = withoutDefaults(
  z.strictObject({
    app: nameSchema,
    site: asked.site,
    inputs: z.record(nameSchema, locationSchema),
    parameters: z.record(z.string(), z.json()),
    resources: withoutDefaults(resourcesSchema),
    label: labelSchema,
  }),
);

/**
 * Input of `interpulse:compute`: a job that runs an app, its inputs staged to the chosen site. It
 * asks for what jobs ask for; only whom it belongs to and what it waits for are the flow's. With
 * `tasks` it is as many jobs, and the step waits for all of them.
 */
export const computeInputSchema = z
  .strictObject({
    /** Needed, here or in each task. */
    app: nameSchema.optional(),
    tasks: z.array(computeTaskSchema).min(1).max(flowLimits.tasksPerStep).optional(),
    site: asked.site,
    /** Locations of input files by parameter name. */
    inputs: z.record(nameSchema, locationSchema).default({}),
    parameters: z.record(z.string(), z.json()).default({}),
    /** Files to keep beside those that the app declares. */
    outputs: appSchema.shape.outputs.removeDefault().optional(),
    resources: withoutDefaults(resourcesSchema).optional(),
    label: labelSchema.optional(),
    /** Else the flow run's. */
    urgency: urgencySchema.optional(),
    /** Else the flow run's; null for none. */
    deadlineAt: instantSchema.nullable().optional(),
    priority: asked.priority,
    environment: asked.environment,
    placement: asked.placement,
    allocation: asked.allocation,
    returnTo: asked.returnTo,
    tags: asked.tags,
    onError: asked.onError,
    onTimeout: asked.onTimeout,
    restartable: asked.restartable,
    mayUseHub: asked.mayUseHub,
  })
  .refine(({ app, tasks = [{}] }) => tasks.every((task) => (task.app ?? app) !== undefined), {
    message: 'name the app, here or in each of the tasks',
    path: ['app'],
  });

/** Input of `interpulse:transfer`: files between collections, as one task. */
export const transferInputSchema = z.strictObject({
  items: z
    .array(
      z.strictObject({
        source: locationSchema,
        destination: locationSchema,
        recursive: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(limits.transferItems),
  label: labelSchema.optional(),
});

/** Input of `interpulse:ingest`: files with one meaning become a dataset. */
export const ingestInputSchema = z.strictObject({
  title: z.string().min(1).max(limits.nameLength),
  kind: z.enum(['raw', 'result']),
  files: z.array(locationSchema).min(1).max(limits.datasetFiles),
  /** Where the `preview.json` is that the portal draws. */
  preview: locationSchema.optional(),
  derivedFrom: z.array(idSchema('dataset')).max(1000).optional(),
  metadata: z.record(z.string(), z.json()).optional(),
  keywords: z.array(z.string().min(1).max(100)).max(100).optional(),
});

/**
 * Input of `interpulse:report`: results for the run table of an instrument, a list of keys and
 * values. Instrument and run are those that started the flow, unless others are named.
 */
export const reportInputSchema = z.strictObject({
  results: z.array(resultReportSchema).max(runLimits.results).default([]),
  /** Where a `preview.json` is whose figures are results too. */
  figuresOf: locationSchema.optional(),
  instrument: nameSchema.optional(),
  run: z.number().int().min(0).optional(),
});

/** Input of `interpulse:evaluate`: expressions over named arguments. */
export const evaluateInputSchema = z.strictObject({
  expressions: z
    .array(
      z.strictObject({
        expression: z.string().max(flowLimits.expressionCharacters),
        arguments: jsonObjectSchema.default({}),
        /** The name in `details` under which the value goes; dots make objects. */
        resultPath: z.string().min(1).max(200).default('result'),
      }),
    )
    .min(1)
    .max(100),
});

/** Input of `interpulse:hello`: says hello, at once or after a while; to try things out. */
export const helloInputSchema = z.strictObject({
  text: z.string().max(limits.nameLength).default(''),
  sleepSeconds: z.number().min(0).max(86_400).default(0),
});

/** Input of `interpulse:skip`: whatever a step asks for is passed over, and that is said. */
export const skipInputSchema = jsonObjectSchema;

/** Inputs of the built-in actions by the NAME in `interpulse:NAME`. */
export const actionInputSchemas = {
  compute: computeInputSchema,
  transfer: transferInputSchema,
  ingest: ingestInputSchema,
  report: reportInputSchema,
  delete: deleteInputSchema,
  mkdir: mkdirInputSchema,
  list: listInputSchema,
  stat: statInputSchema,
  collection: collectionInputSchema,
  access: accessInputSchema,
  notify: notifyInputSchema,
  evaluate: evaluateInputSchema,
  hello: helloInputSchema,
  skip: skipInputSchema,
} as const;

/** See {@link computeInputSchema}. */
export type ComputeInput = z.infer<typeof computeInputSchema>;
/** See {@link transferInputSchema}. */
export type TransferInput = z.infer<typeof transferInputSchema>;
/** See {@link ingestInputSchema}. */
export type IngestInput = z.infer<typeof ingestInputSchema>;

const computedJobShape = {
  jobId: idSchema('job'),
  siteId: idSchema('site'),
  siteName: nameSchema,
  attempt: z.number().int().min(1),
  exitCode: z.number().int(),
  outputs: z.array(jobOutputSchema),
};

/** The values of outputs `result` that are small JSON files, as Globus Compute has them. */
const computedValuesShape = {
  result: z.array(jsonSchema).optional(),
  results: z.array(z.strictObject({ task_id: idSchema('job'), output: jsonSchema })).optional(),
};

/** `details` of a compute action that succeeded. */
export const computeDetailsSchema = z.strictObject({ ...computedJobShape, ...computedValuesShape });

/** `details` of a compute action with `tasks` that succeeded; all lists are in their order. */
export const computeTasksDetailsSchema = z.strictObject({
  ensembleId: idSchema('ensemble'),
  jobs: z.array(z.strictObject({ ...computedJobShape, state: z.literal('completed') })),
  ...computedValuesShape,
});

/** `details` of a transfer action that succeeded. */
const transferDetailsSchema = z.strictObject({
  transferId: idSchema('transfer'),
  source: z.string(),
  destination: z.string(),
  files_transferred: z.number().int(),
  bytes_transferred: z.number().int(),
});

/** `details` of an ingest action that succeeded. */
export const ingestDetailsSchema = z.strictObject({ datasetId: idSchema('dataset') });

/** `details` of a report action that succeeded. */
const reportDetailsSchema = z.strictObject({
  instrument: nameSchema,
  run: z.number().int(),
  keys: z.array(z.string()),
});

/** `details` of a hello action that succeeded. */
const helloDetailsSchema = z.strictObject({ Hello: z.literal('World'), hello: z.string() });

/** `details` of a skip action: that nothing was done, and which action was asked for it. */
const skipDetailsSchema = z.strictObject({
  skipped: z.literal(true),
  provider: z.string(),
});

/** What a step reads in `details` when its action succeeded, by NAME. */
export const actionDetailsSchemas = {
  compute: z.union([computeDetailsSchema, computeTasksDetailsSchema]),
  transfer: transferDetailsSchema,
  ingest: ingestDetailsSchema,
  report: reportDetailsSchema,
  delete: deleteDetailsSchema,
  mkdir: mkdirDetailsSchema,
  list: listDetailsSchema,
  stat: statDetailsSchema,
  collection: collectionDetailsSchema,
  access: accessDetailsSchema,
  notify: notifyDetailsSchema,
  /** What the expressions make. */
  evaluate: z.record(z.string(), jsonSchema),
  hello: helloDetailsSchema,
  skip: skipDetailsSchema,
} as const satisfies Record<keyof typeof actionInputSchemas, z.ZodType>;
