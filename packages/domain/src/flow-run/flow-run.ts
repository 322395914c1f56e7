import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../json.ts';
import { idSchema } from '../id.ts';
import { urgencySchema } from '../job/urgency.ts';
import { limits } from '../limits.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';

/** A definition of what to do, with the schema of its input. Each save makes a new version. */
export const flowSchema = z.strictObject({
  id: idSchema('flow'),
  name: nameSchema,
  version: z.number().int().min(1),
  title: z.string().max(limits.nameLength),
  description: z.string(),
  /** In the Globus Flows language. */
  definition: jsonObjectSchema,
  /** JSON Schema, draft-07. */
  inputSchema: jsonObjectSchema,
  project: nameSchema,
  owner: z.string(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});

/** See {@link flowSchema}. */
export type Flow = z.infer<typeof flowSchema>;

/** A definition as people send it. */
export const flowRequestSchema = z.strictObject({
  title: z.string().max(limits.nameLength).default(''),
  description: z.string().max(10_000).default(''),
  definition: jsonObjectSchema,
  inputSchema: jsonObjectSchema.default({}),
  project: nameSchema.optional(),
});

/** Globus' words for a run's status. */
export const flowRunStatusSchema = z.enum(['ACTIVE', 'INACTIVE', 'SUCCEEDED', 'FAILED', 'ENDED']);

/** See {@link flowRunStatusSchema}. */
export type FlowRunStatus = z.infer<typeof flowRunStatusSchema>;

/** One step of a flow run: a state that was entered. */
export const flowStepSchema = z.strictObject({
  sequence: z.number().int().min(1),
  stateName: z.string(),
  stateType: z.string(),
  status: z.enum(['active', 'succeeded', 'failed', 'canceled']),
  /** The built-in action's name or the provider's address; null for other states. */
  provider: z.string().nullable(),
  jobId: idSchema('job').nullable(),
  transferId: idSchema('transfer').nullable(),
  input: jsonSchema,
  result: jsonSchema,
  reason: z.string().nullable(),
  startedAt: instantSchema,
  endedAt: instantSchema.nullable(),
});

/** See {@link flowStepSchema}. */
export type FlowStep = z.infer<typeof flowStepSchema>;

/** One execution of a flow. */
export const flowRunSchema = z.strictObject({
  id: idSchema('flowrun'),
  flowName: nameSchema,
  flowVersion: z.number().int(),
  label: z.string(),
  project: nameSchema,
  owner: z.string(),
  status: flowRunStatusSchema,
  /** What it does or waits for now, or why it failed. */
  reason: z.string().nullable(),
  /** The state that it is in; null before and after. */
  stateName: z.string().nullable(),
  urgency: urgencySchema,
  deadlineAt: instantSchema.nullable(),
  instrument: nameSchema.nullable(),
  shotNumber: z.number().int().nullable(),
  /** The raw dataset that started it. */
  datasetId: idSchema('dataset').nullable(),
  /** The result dataset, once published. */
  resultDatasetId: idSchema('dataset').nullable(),
  tags: z.record(nameSchema, z.string()),
  startedAt: instantSchema,
  endedAt: instantSchema.nullable(),
  stepsDone: z.number().int(),
  stepsTotal: z.number().int(),
});

/** See {@link flowRunSchema}. */
export type FlowRun = z.infer<typeof flowRunSchema>;

/** One line of a flow run's log. */
export const flowLogEntrySchema = z.strictObject({
  sequence: z.number().int(),
  at: instantSchema,
  code: z.string(),
  description: z.string(),
  details: jsonSchema,
});

/** See {@link flowLogEntrySchema}. */
export type FlowLogEntry = z.infer<typeof flowLogEntrySchema>;
