import { z } from 'zod';
import { DomainError } from '@interpulse/domain/error.ts';
import type { SeenJob } from '../seen-job.ts';
import { meaning } from './read-squeue.ts';

/** A number, bare (22.05) or with its flags (since 23.02); null for none and for infinity. */
const numberSchema = z
  .union([
    z.number(),
    z.null(),
    z.object({ set: z.boolean(), infinite: z.boolean(), number: z.number() }).partial(),
  ])
  .transform((value) => {
    if (value === null || typeof value === 'number') return value;
    return value.set === false || value.infinite === true ? null : (value.number ?? null);
  });

/** A raw status of wait(2), or its parts (since 23.11). */
const exitSchema = z
  .union([
    z.object({
      return_code: numberSchema.optional(),
      signal: z.object({ id: numberSchema.optional() }).optional(),
    }),
    numberSchema,
  ])
  .transform((value) => {
    if (value === null || typeof value === 'number') return String(value ?? '');
    return `${value.return_code ?? 0}:${value.signal?.id ?? 0}`;
  });

/** The part of a job that is read; everything else may come and go with the releases. */
const jobSchema = z.object({
  job_id: numberSchema,
  name: z.string().nullish(),
  user_id: numberSchema.optional(),
  job_state: z.union([z.string().transform((word) => [word]), z.array(z.string())]),
  state_reason: z.string().nullish(),
  nodes: z.string().nullish(),
  exit_code: exitSchema.optional(),
  restart_cnt: numberSchema.optional(),
  start_time: numberSchema.optional(),
});

const answerSchema = z.object({ jobs: z.array(jobSchema) });

/**
 * Reads the answer of `squeue --json`, in the shapes of 22.05 and of 23.11 and later. It may list
 * jobs of everybody; those of other users are left out when `userId` is given.
 *
 * @throws DomainError `unavailable` with what was not understood.
 */
export function readSqueueJson(text: string, userId: number | null): SeenJob[] {
  const { jobs } = parse(text);
  return jobs
    .filter((job) => userId === null || (job.user_id ?? userId) === userId)
    .map((job) =>
      meaning({
        batchJobId: String(job.job_id),
        name: job.name ?? '',
        states: job.job_state,
        reason: job.state_reason ?? '',
        hosts: job.nodes ?? '',
        exit: job.exit_code ?? '',
        restarts: job.restart_cnt ?? 0,
        startSeconds: job.start_time ?? 0,
      }),
    );
}

function parse(text: string): z.infer<typeof answerSchema> {
  const said = JSON.stringify(text.trimStart().split('\n')[0]?.slice(0, 200) ?? '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const what = `reading what squeue --json says: ${said} is no JSON`;
    throw new DomainError('unavailable', what, { cause });
  }
  const parsed = answerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = `${issue?.path.join('.')}: ${issue?.message}`;
  throw new DomainError('unavailable', `reading what squeue --json says: ${where}`);
}
