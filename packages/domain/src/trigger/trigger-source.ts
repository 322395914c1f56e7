import { z } from 'zod';
import { flowRunStatusSchema } from '../flow-run/flow-run.ts';
import { jsonSchema } from '../json.ts';
import { nameSchema } from '../location.ts';
import { isTimeZone, scheduleProblem } from './schedule.ts';
import { triggerLimits } from './trigger-limits.ts';

const most = triggerLimits.conditions;

/** What a value must be; of several tests all must hold. */
const valueTests = {
  equals: jsonSchema.optional(),
  oneOf: z.array(jsonSchema).min(1).max(most).optional(),
  /** Bounds of a number, both included. */
  range: z.strictObject({ least: z.number().optional(), most: z.number().optional() }).optional(),
};

/** A test of one value in a dataset's metadata; without `equals` and others, that it is there. */
export const metadataConditionSchema = z.strictObject({
  /** Where in the metadata: `sample.name` or `$.scan.axes[0]`. */
  path: z.string().min(1).max(300),
  ...valueTests,
  /** A part of a text, or an element of a list. */
  contains: jsonSchema.optional(),
});

/** See {@link metadataConditionSchema}. */
export type MetadataCondition = z.infer<typeof metadataConditionSchema>;

const fileSource = z.strictObject({
  kind: z.literal('file'),
  instrument: nameSchema,
  /** Which files: a pattern of the path within the collection, `*` within a name, `**` across. */
  pattern: z.string().min(1).max(1024).default('/**'),
  /**
   * `growing`: while the file is written, each time that its agent tells a size. Without it, once
   * when it is whole.
   */
  stage: z.enum(['whole', 'growing']).optional(),
});

const runSource = z
  .strictObject({
    kind: z.literal('run'),
    instrument: nameSchema,
    /** It starts or ends; the first of its files is whole, or the last of them. */
    on: z.enum(['start', 'end', 'firstFile', 'allFiles']),
    /** With `allFiles`: how many a run has, or the run parameter that says so. */
    files: z
      .union([z.number().int().min(1).max(triggerLimits.runFilesRead), z.string().min(1).max(200)])
      .optional(),
  })
  .superRefine(({ on, files }, context) => {
    if ((on === 'allFiles') === (files !== undefined)) return;
    const message =
      on === 'allFiles'
        ? 'how many files a run has, or the name of the run parameter that says so'
        : 'only "on: allFiles" waits for a number of files';
    context.addIssue({ code: 'custom', path: ['files'], message });
  });

const parameterSource = z.strictObject({
  kind: z.literal('parameter'),
  instrument: nameSchema,
  /** The run parameter's name. */
  name: z.string().min(1).max(200),
  ...valueTests,
  /** Only when the value is another one than before. */
  changes: z.boolean().default(false),
});

const datasetSource = z.strictObject({
  kind: z.literal('dataset'),
  /** `raw` or `result`; both when absent. */
  datasetKind: z.enum(['raw', 'result']).optional(),
  instrument: nameSchema.optional(),
  /** Each of them must be among the dataset's. */
  keywords: z.array(z.string().min(1).max(100)).max(most).default([]),
  /** The project of the datasets; the trigger's own when absent. */
  project: nameSchema.optional(),
  /** Conditions on the metadata; all must hold. */
  where: z.array(metadataConditionSchema).max(most).default([]),
});

const scheduleSource = z
  .strictObject({
    kind: z.literal('schedule'),
    /** Five fields, or six with seconds first: `30 2 * * 1-5`. */
    cron: z.string().min(1).max(200),
    /** An IANA name: `Europe/Berlin`. */
    timeZone: z.string().refine(isTimeZone, 'an IANA time zone, such as Europe/Berlin'),
    /** What becomes of instants that passed while no hub was at work. */
    catchUp: z.enum(['none', 'last', 'all']).default('last'),
  })
  .superRefine(({ cron }, context) => {
    const problem = scheduleProblem(cron);
    if (problem !== null) context.addIssue({ code: 'custom', path: ['cron'], message: problem });
  });

const webhookSource = z.strictObject({
  kind: z.literal('webhook'),
  /**
   * What the sender signs: timestamp, delivery and body; the body alone, as GitHub does; or as
   * Standard Webhooks has it, with `webhook-id`, `webhook-timestamp` and `webhook-signature`.
   */
  signs: z.enum(['delivery', 'body', 'standard']).default('delivery'),
});

const flowSource = z.strictObject({
  kind: z.literal('flow'),
  flowName: nameSchema,
  on: z
    .array(flowRunStatusSchema.extract(['SUCCEEDED', 'FAILED', 'ENDED']))
    .min(1)
    .default(['SUCCEEDED']),
  /** The project of the flow runs; the trigger's own when absent. */
  project: nameSchema.optional(),
});

/** What a trigger listens to. */
export const triggerSourceSchema = z.discriminatedUnion('kind', [
  fileSource,
  runSource,
  parameterSource,
  datasetSource,
  scheduleSource,
  webhookSource,
  flowSource,
]);

/** See {@link triggerSourceSchema}. */
export type TriggerSource = z.infer<typeof triggerSourceSchema>;

/** A source of one kind. */
export type SourceOf<K extends TriggerSource['kind']> = Extract<TriggerSource, { kind: K }>;
