import { z } from 'zod';
import { DomainError } from '@interpulse/domain/error.ts';
import type { SeenJob } from '../seen-job.ts';
import { meaning, type PbsJob } from './pbs-job.ts';

/** PBS guesses types from the text: a name of digits is a number, and `True` is a text. */
const textSchema = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((value) => (value === null ? '' : String(value)));

const jobSchema = z.object({
  Job_Name: textSchema,
  job_state: textSchema,
  exec_host: textSchema.optional(),
  comment: textSchema.optional(),
  Exit_status: textSchema.optional(),
  run_count: textSchema.optional(),
  Hold_Types: textSchema.optional(),
  qtime: textSchema.optional(),
  queue_rank: textSchema.optional(),
  estimated: z.object({ start_time: textSchema.optional() }).optional(),
});

const answerSchema = z.object({
  pbs_version: z.unknown(),
  // Missing when there are none.
  Jobs: z.record(z.string(), jobSchema).default({}),
});

/**
 * Reads the answer of `qstat -f -F json`. Null when it is no JSON at all: a value such as `nan` or
 * `+5` is printed as it stands by some releases, and then the other format must be asked for.
 *
 * @throws DomainError `unavailable` when it is JSON of something else.
 */
export function readQstat(text: string): SeenJob[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = `${issue?.path.join('.')}: ${issue?.message}`;
    throw new DomainError('unavailable', `reading what qstat says: ${where}`);
  }
  return Object.entries(parsed.data.Jobs).map(([batchJobId, job]) => {
    const read: PbsJob = {
      batchJobId,
      name: job.Job_Name,
      state: job.job_state,
      execHost: job.exec_host ?? '',
      comment: job.comment ?? '',
      exitStatus: job.Exit_status ?? '',
      runCount: job.run_count ?? '',
      holdTypes: job.Hold_Types ?? '',
      queuedTime: job.qtime ?? '',
      queueRank: job.queue_rank ?? '',
      estimatedStart: job.estimated?.start_time ?? '',
    };
    return meaning(read);
  });
}
