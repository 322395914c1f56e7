import { z } from 'zod';
import { idSchema } from '../id.ts';
import { nameSchema } from '../location.ts';

/** A person's part in a project. */
export const projectRoleSchema = z.enum(['reader', 'member', 'manager']);

/** See {@link projectRoleSchema}. */
export type ProjectRole = z.infer<typeof projectRoleSchema>;

/** Who asks: a user, a service account or an agent, with the projects it belongs to. */
export const principalSchema = z.strictObject({
  /** `user_…` or `agent_…`. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(['user', 'serviceAccount', 'agent']),
  /** Administers the hub. */
  admin: z.boolean(),
  projects: z.record(nameSchema, projectRoleSchema),
  /** The job whose own token is used: it acts for its owner, in its project only. */
  jobId: idSchema('job').nullable(),
});

/** See {@link principalSchema}. */
export type Principal = z.infer<typeof principalSchema>;
