import type { JsonObject } from '@interpulse/domain/json.ts';
import { hideWords } from '@interpulse/domain/hide-words.ts';
import { privateWords } from '@interpulse/domain/job/hide-job.ts';
import type { JobRow } from '@interpulse/store/jobs/job-row.ts';
import { findJobs } from '@interpulse/store/jobs/read-jobs.ts';
import { findEndedEnsembles, type EndedEnsemble } from '@interpulse/store/jobs/step-ensembles.ts';
import type { HubTransaction } from '../hub.ts';
import { onlyThese } from '../services/ahead.ts';
import { statusDocument } from './status-document.ts';

/**
 * The status documents that jobs of steps leave, of those that have ended, by the jobs' ids. Where
 * a step is several jobs there is one for all, at one of them, when the last of them has ended.
 */
export async function jobDocuments(
  tx: HubTransaction,
  jobIds: readonly string[],
): Promise<Map<string, JsonObject>> {
  const read = (await onlyThese(tx.ahead.take('jobs'), jobIds)) ?? (await findJobs(tx, jobIds));
  const jobs = read.filter(({ ended_at: endedAt }) => endedAt !== null);
  const documents = new Map<string, JsonObject>();
  /** One job of each ensemble. */
  const shared = new Map<JobRow['ensemble_id'] & string, string>();
  for (const job of jobs) {
    if (job.ensemble_id === null) documents.set(job.id, documentOfJob(job));
    else shared.set(job.ensemble_id, job.id);
  }
  for (const ensemble of await findEndedEnsembles(tx, [...shared.keys()])) {
    documents.set(shared.get(ensemble.id) ?? '', documentOfEnsemble(ensemble));
  }
  return documents;
}

function documentOfJob(job: JobRow): JsonObject {
  const succeeded = job.state === 'completed';
  const { label, reason } = told(job);
  return statusDocument({
    actionId: job.id,
    succeeded,
    label,
    creatorId: job.owner_id,
    startedAt: job.created_at,
    endedAt: job.ended_at ?? job.created_at,
    displayStatus: succeeded ? 'completed' : `${job.state}: ${reason ?? 'no reason given'}`,
    details: { ...factsOf(job), ...valuesOf([job]), ...(succeeded ? {} : { reason }) },
  });
}

function documentOfEnsemble({ id, label, jobs }: EndedEnsemble): JsonObject {
  const succeeded = jobs.every(({ state }) => state === 'completed');
  const reason = succeeded ? null : reasonOf(jobs);
  const created = jobs.map((job) => job.created_at).toSorted();
  const ended = jobs.flatMap((job) => job.ended_at ?? []).toSorted();
  return statusDocument({
    actionId: id,
    succeeded,
    label,
    creatorId: jobs[0]?.owner_id ?? '',
    startedAt: created[0] ?? '',
    endedAt: ended.at(-1) ?? '',
    displayStatus: reason ?? `all ${jobs.length} jobs completed`,
    details: {
      ensembleId: id,
      jobs: jobs.map((job) => ({
        ...factsOf(job),
        state: job.state,
        ...(job.state === 'completed' ? {} : { reason: told(job).reason }),
      })),
      ...valuesOf(jobs),
      ...(reason === null ? {} : { reason }),
    },
  });
}

/** Jobs that are told of in the sentence; all of them are in the document. */
const toldJobs = 3;

function reasonOf(jobs: readonly JobRow[]): string {
  const bad = [...jobs.entries()].filter(([, { state }]) => state !== 'completed');
  const some = bad.slice(0, toldJobs).map(([place, job]) => {
    return `job ${place + 1} ${job.state}: ${told(job).reason ?? 'no reason given'}`;
  });
  const more = bad.length > toldJobs ? [`${bad.length - toldJobs} more in details.jobs`] : [];
  const done = jobs.length - bad.length;
  return [`${done} of ${jobs.length} jobs completed`, ...some, ...more].join('; ');
}

/** What people may read of a job. */
function told(job: JobRow): { label: string; reason: string | null } {
  const paths = job.private_paths ?? [];
  const words = paths.length === 0 ? [] : privateWords(job, paths);
  const reason = job.reason === null ? null : hideWords(job.reason, words);
  return { label: hideWords(job.label, words), reason };
}

function factsOf(job: JobRow): JsonObject {
  return {
    jobId: job.id,
    siteId: job.site_id,
    siteName: job.site_name,
    attempt: job.attempt,
    exitCode: job.exit_code,
    outputs: (job.outputs ?? []).map(({ value: _, ...output }) => output),
  };
}

/**
 * The values that jobs give, in the two places where Globus Compute has them; null for a job that
 * gave none where others did.
 */
function valuesOf(jobs: readonly JobRow[]): JsonObject {
  const values = jobs.map(({ id, outputs }) => {
    return { id, value: outputs?.find((output) => output.value !== undefined)?.value };
  });
  if (values.every(({ value }) => value === undefined)) return {};
  return {
    result: values.map(({ value }) => value ?? null),
    results: values.map(({ id, value }) => ({ task_id: id, output: value ?? null })),
  };
}
