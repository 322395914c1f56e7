import { z } from 'zod';
import { appSchema } from '@interpulse/domain/app/app.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { locationSchema } from '@interpulse/domain/location.ts';
import { jobReportSchema } from './agent-to-hub.ts';

/** One attempt as a pilot runs it: everything is a path, an argument or a number. */
export const taskSchema = z.strictObject({
  jobId: idSchema('job'),
  attempt: z.number().int().min(1),
  argv: z.array(z.string()).min(1),
  /** Absolute path; exists already. stdout and stderr go to files of that name in it. */
  cwd: z.string(),
  /** The same folder as a location: outputs are reported below it. */
  workFolder: locationSchema,
  environment: z.record(z.string(), z.string()),
  outputs: appSchema.shape.outputs,
  cores: z.number().int().min(1),
  walltimeSeconds: z.number().int().min(1),
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
  /** Take nothing new, and end when nothing runs. */
  z.strictObject({ type: z.literal('drain') }),
]);

/** See {@link agentToPilotSchema}. */
export type AgentToPilot = z.infer<typeof agentToPilotSchema>;

/** Every message from a pilot to its agent. */
export const pilotToAgentSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('pilotState'),
    pilotId: idSchema('pilot'),
    host: z.string(),
    pid: z.number().int(),
    cores: z.number().int().min(1),
    /** Attempts that it holds: queued or running. */
    tasks: z.array(z.strictObject({ jobId: idSchema('job'), attempt: z.number().int() })),
  }),
  z.strictObject({ type: z.literal('jobReports'), reports: z.array(jobReportSchema) }),
  z.strictObject({ type: z.literal('pilotEnds'), reason: z.string() }),
]);

/** See {@link pilotToAgentSchema}. */
export type PilotToAgent = z.infer<typeof pilotToAgentSchema>;
