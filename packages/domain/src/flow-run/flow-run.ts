import { z } from 'zod';
import { granteeSchema } from '../access/grantee.ts';
import { flowLimits } from '../flow/flow-limits.ts';
import { jsonObjectSchema, jsonSchema } from '../json.ts';
import { idSchema } from '../id.ts';
import { urgencySchema } from '../job/urgency.ts';
import { limits } from '../limits.ts';
import { nameSchema } from '../location.ts';
import { noticeRulesSchema } from '../notice/notice-rule.ts';
import { instantSchema } from '../time.ts';

const granteesSchema = z.array(granteeSchema).max(flowLimits.grantees);

/** The parts that people have in a flow beside those of its project, and who acts in it. */
export const flowPeopleSchema = z.strictObject({
  /** May do all that its owner may: change it, share it, see its private parameters. */
  administrators: granteesSchema,
  /** May see and start it. */
  starters: granteesSchema,
  viewers: granteesSchema,
  /** May see, change, cancel and resume all its flow runs. */
  runManagers: granteesSchema,
  /** May see all its flow runs. */
  runMonitors: granteesSchema,
  /** The account of which `RunAs: Flow` speaks. */
  serviceAccount: nameSchema.nullable(),
  /** Accounts by the role names that `RunAs` may have. */
  roles: z.record(z.string().min(1).max(64), nameSchema),
  /** Who is told of its flow runs, beside those who asked for it in their settings. */
  notify: noticeRulesSchema,
});

/** See {@link flowPeopleSchema}. */
export type FlowPeople = z.infer<typeof flowPeopleSchema>;

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
  /** Set when it is put away: it cannot be started, its flow runs stay. */
  archivedAt: instantSchema.nullable(),
  ...flowPeopleSchema.shape,
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
  /** What is left out stays as it is. */
  ...flowPeopleSchema.partial().shape,
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
  /** Of a step that is several jobs: they are its jobs. */
  ensembleId: idSchema('ensemble').nullable(),
  transferId: idSchema('transfer').nullable(),
  input: jsonSchema,
  result: jsonSchema,
  /** Which of the two are too large for a list, and null here; the step itself has them. */
  omitted: z.array(z.enum(['input', 'result'])),
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
  /** A question that it stands still for until a person answers it; the first of several. */
  blockingWebInputId: idSchema('webinput').nullable(),
  urgency: urgencySchema,
  deadlineAt: instantSchema.nullable(),
  instrument: nameSchema.nullable(),
  shotNumber: z.number().int().nullable(),
  /** The raw dataset that started it. */
  datasetId: idSchema('dataset').nullable(),
  /** The result dataset, once published. */
  resultDatasetId: idSchema('dataset').nullable(),
  tags: z.record(nameSchema, z.string()),
  /** May change, cancel and resume it. */
  managers: granteesSchema,
  /** May see it and its log. */
  monitors: granteesSchema,
  /** The trigger that started it. */
  trigger: nameSchema.nullable(),
  /** The bulk start that it is part of. */
  batchId: idSchema('flowbatch').nullable(),
  /** The flow run that it does again, from this state on; null from the start. */
  rerunOf: idSchema('flowrun').nullable(),
  startState: z.string().nullable(),
  startedAt: instantSchema,
  endedAt: instantSchema.nullable(),
  /** When it is expected to end, as earlier runs of its flow went; null: they teach nothing. */
  predictedFinishAt: instantSchema.nullable(),
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
