import { z } from 'zod';
import { DomainError } from '@interpulse/domain/error.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import { addSeconds, type Instant } from '@interpulse/domain/time.ts';
import { secondsOfDuration } from '../providers/providers.ts';

const uuid = '[a-fA-F0-9]{8}-(?:[a-fA-F0-9]{4}-){3}[a-fA-F0-9]{12}';
const principalSchema = z
  .string()
  .regex(new RegExp(`^urn:globus:(auth:identity|groups:id):${uuid}$`), 'a URN of the contract');
const principalsSchema = z.array(principalSchema).max(100);

/** The longest life of an action here, and how long its status is kept where nothing is said. */
export const maximumDeadline = 'P30D';
const defaultRelease = 'P30D';
const longestReleaseSeconds = 365 * 86_400;

/** A request to run, closed as the contract says. */
const actionRequestSchema = z.strictObject({
  request_id: z.string().min(1).max(200),
  body: jsonObjectSchema,
  label: z.string().min(1).max(64).optional(),
  monitor_by: principalsSchema.optional(),
  manage_by: principalsSchema.optional(),
  allowed_clients: z.array(z.string().regex(/^(public|globus|creator|.$)$/)).optional(),
  deadline: z.iso.datetime({ offset: true }).optional(),
  release_after: z.string().max(100).optional(),
});

/** A request to run, as it is understood. */
export interface ActionRequest {
  requestId: string;
  body: z.infer<typeof jsonObjectSchema>;
  label: string | null;
  monitorBy: string[] | null;
  manageBy: string[] | null;
  deadlineAt: Instant | null;
  releaseAfter: string;
  releaseSeconds: number;
}

/** Reads a request to run. @throws DomainError or ZodError for what the contract refuses. */
export function readActionRequest(json: unknown, now: Instant): ActionRequest {
  const request = actionRequestSchema.parse(json);
  const releaseAfter = request.release_after ?? defaultRelease;
  const releaseSeconds = secondsOfDuration(releaseAfter);
  if (releaseSeconds === null || releaseSeconds > longestReleaseSeconds) {
    const message = `release_after: "${releaseAfter}" is no ISO 8601 duration of a year at most`;
    throw new DomainError('invalid', message);
  }
  return {
    requestId: request.request_id,
    body: request.body,
    label: request.label ?? null,
    monitorBy: request.monitor_by ?? null,
    manageBy: request.manage_by ?? null,
    deadlineAt: request.deadline === undefined ? null : readDeadline(request.deadline, now),
    releaseAfter,
    releaseSeconds,
  };
}

function readDeadline(text: string, now: Instant): Instant {
  const at = new Date(text).toISOString();
  const latest = addSeconds(now, secondsOfDuration(maximumDeadline) ?? 0);
  if (at > now && at <= latest) return at;
  const message = `deadline: ${text} is past, or later than ${maximumDeadline} from now`;
  throw new DomainError('invalid', message);
}
