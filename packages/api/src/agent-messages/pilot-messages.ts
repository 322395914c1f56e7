import { z } from 'zod';
import { appSchema, resourcesSchema } from '@interpulse/domain/app/app.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { turnSchema } from '@interpulse/domain/job/compare-turns.ts';
import { locationSchema } from '@interpulse/domain/location.ts';
import { nodeSchema } from '@interpulse/domain/site/site.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { jobReportSchema } from './agent-to-hub.ts';

/** One attempt as a pilot runs it: everything is a path, an argument or a number. */
export const taskSchema = z.strictObject({
  jobId: idSchema('job'),
  attempt: z.number().int().min(1),
  /** Program and arguments; `shell` and templates are resolved already. */
  argv: z.array(z.string()).min(1),
  /** Lines for `bash` before everything else, in the same shell as `pre`, program and `post`. */
  preamble: z.array(z.string()),
  /** Commands before and after; with several ranks they run once, on the first node. */
  pre: z.array(z.array(z.string()).min(1)),
  post: z.array(z.array(z.string()).min(1)),
  /** For the record of the attempt. */
  appDigest: z.string().nullable(),
  appVersion: z.string().nullable(),
  /** Absolute path; exists already. stdout and stderr go to files of that name in it. */
  cwd: z.string(),
  /** The same folder as a location: outputs are reported below it. */
  workFolder: locationSchema,
  environment: z.record(z.string(), z.string()),
  outputs: appSchema.shape.outputs,
  resources: resourcesSchema,
  restartable: z.boolean(),
  ...turnSchema.shape,
});

/** See {@link taskSchema}. */
export type Task = z.infer<typeof taskSchema>;

/** Every message from an agent to a pilot. */
export const agentToPilotSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('tasks'), tasks: z.array(taskSchema) }),
  z.strictObject({
    type: z.literal('cancelTasks'),
    tasks: z.array(z.strictObject({ jobId: idSchema('job'), attempt: z.number().int() })),
  }),
  /** Give these back as `released`, where they have not begun. */
  z.strictObject({
    type: z.literal('returnTasks'),
    tasks: z.array(z.strictObject({ jobId: idSchema('job'), attempt: z.number().int() })),
  }),
  /** Take nothing new, give back what has not begun, and end when nothing runs. */
  z.strictObject({ type: z.literal('drain') }),
]);

/** See {@link agentToPilotSchema}. */
export type AgentToPilot = z.infer<typeof agentToPilotSchema>;

/** Every message from a pilot to its agent. */
export const pilotToAgentSchema = z.discriminatedUnion('type', [
  /** Said first, and again when it loses nodes or takes nothing more. */
  z.strictObject({
    type: z.literal('pilotState'),
    pilotId: idSchema('pilot'),
    host: z.string(),
    pid: z.number().int(),
    nodes: z.array(nodeSchema).min(1),
    /** When its walltime is over; the present when it takes nothing more. */
    endsAt: instantSchema,
    /** Attempts that it holds: queued or running. */
    tasks: z.array(z.strictObject({ jobId: idSchema('job'), attempt: z.number().int() })),
  }),
  z.strictObject({ type: z.literal('jobReports'), reports: z.array(jobReportSchema) }),
  z.strictObject({ type: z.literal('pilotEnds'), reason: z.string() }),
]);

/** See {@link pilotToAgentSchema}. */
export type PilotToAgent = z.infer<typeof pilotToAgentSchema>;
