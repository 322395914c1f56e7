import { z } from 'zod';
import { flowRunStatusSchema } from '@interpulse/domain/flow-run/flow-run.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';

const oneStatus = `(${flowRunStatusSchema.options.join('|')})`;
const oneTag = '[a-z0-9][a-z0-9._-]{0,62}:[^,]{0,200}';

/** The quick filters of the list of flow runs. */
export const flowRunFilters = [
  'all',
  'active',
  'waiting',
  'failed',
  'completed',
  /** Past their deadline, or ended after it. */
  'late',
  /** Under way, and past their deadline or expected to end after it. */
  'willBeLate',
] as const;

/** The parts that somebody may have in a flow run, as they are asked for. */
export const flowRunRoles = [
  'owner',
  'manager',
  'monitor',
  'flowRunManager',
  'flowRunMonitor',
] as const;

/** Which flow runs: what is given must hold together. */
export const flowRunFilter = {
  filter: z.enum(flowRunFilters).default('all'),
  /** One status, or several with commas. */
  status: z
    .string()
    .regex(
      new RegExp(`^${oneStatus}(,${oneStatus})*$`),
      `write one of ${flowRunStatusSchema.options.join(', ')}, or several with commas`,
    )
    .optional(),
  flow: nameSchema.optional(),
  version: z.coerce.number().int().min(1).optional(),
  project: nameSchema.optional(),
  /** The name of a user or service account. */
  owner: nameSchema.optional(),
  /** Those in which the caller has this part. */
  role: z.enum(flowRunRoles).optional(),
  instrument: nameSchema.optional(),
  shot: z.coerce.number().int().optional(),
  /** Part of the label. */
  label: z.string().max(200).optional(),
  /** `name:value`, several with commas; all of them. */
  tags: z
    .string()
    .max(2000)
    .regex(new RegExp(`^${oneTag}(,${oneTag})*$`), 'write tags as name:value,name:value')
    .optional(),
  trigger: nameSchema.optional(),
  batch: idSchema('flowbatch').optional(),
  rerunOf: idSchema('flowrun').optional(),
  dataset: idSchema('dataset').optional(),
  /** Started at this instant or later. */
  startedFrom: instantSchema.optional(),
  startedBefore: instantSchema.optional(),
  endedFrom: instantSchema.optional(),
  endedBefore: instantSchema.optional(),
};
