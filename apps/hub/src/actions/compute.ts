import { computeInputSchema } from '@interpulse/domain/flow/action-inputs.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { hideWords, privateWords } from '@interpulse/domain/job/hide-job.ts';
import { jobRequestSchema, type JobOutput } from '@interpulse/domain/job/job.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import type { LockedFlowRun } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import { insertJobs } from '@interpulse/store/jobs/insert-jobs.ts';
import { findJob } from '@interpulse/store/jobs/read-jobs.ts';
import { placeJobsNow } from '../services/place-jobs-now.ts';
import { findLocationFaults } from '../services/find-location-faults.ts';
import { prepareJobs } from '../services/prepare-jobs.ts';
import { asReadRequest } from '../services/read-job-requests.ts';
import { topics } from '../hub.ts';
import type { Action } from './action.ts';
import { statusDocument } from './status-document.ts';

/** `interpulse:compute`: a job; its inputs are staged to whichever site is chosen. */
export const compute: Action = {
  deferred: false,
  async start({ hub, tx, run, step, state, provider, input, privatePaths, at }) {
    const { label, urgency, deadlineAt, outputs, ...rest } = computeInputSchema.parse(input);
    const request = jobRequestSchema.parse({
      ...rest,
      ...(outputs ? { outputs } : {}),
      environment: { ...(rest.mayUseHub === true ? runVariables(run) : {}), ...rest.environment },
      label: label ?? `${state} of ${run.label || run.flowName}`,
      urgency: urgency ?? run.urgency,
      deadlineAt: deadlineAt === undefined ? run.deadlineAt : deadlineAt,
    });
    const requests = [asReadRequest(request)];
    const faults = await findLocationFaults(tx, requests);
    const prepared = (await prepareJobs(tx, requests, faults)).jobs[0];
    if (prepared === undefined || faults.length > 0) {
      return { kind: 'unable', reason: `${state}: ${faults.map(({ msg }) => msg).join('; ')}` };
    }
    const id = hub.newId('job');
    const returnTo = request.returnTo?.replace(/\/$/, '') ?? null;
    const job = { ...prepared, id, parents: [], returnTo };
    const origin = {
      project: run.project,
      ownerId: run.ownerId,
      flowRunId: run.id,
      flowStep: step,
      createdByJobId: null,
      ensembleId: null,
      // What was written for Globus has other names: what is private there may be anywhere here.
      privatePaths: isOurs(provider) || privatePaths.length === 0 ? privatePaths : [[]],
    };
    const [, { placed }] = await Promise.all([
      insertJobs(tx, [job], origin, at),
      placeJobsNow(hub, tx, [id]),
    ]);
    if (placed === 0) tx.notify([topics.queuedJobs]);
    return { kind: 'pending', jobId: id };
  },
};

function isOurs(provider: string): boolean {
  return provider.startsWith('interpulse:');
}

/**
 * Which run of an instrument a job is about, for jobs that may report results to it. Not for all:
 * jobs that differ in their environment share nothing of what is kept about them.
 */
function runVariables({ instrument, shotNumber }: LockedFlowRun): Record<string, string> {
  if (instrument === null || shotNumber === null) return {};
  return { INTERPULSE_INSTRUMENT: instrument, INTERPULSE_RUN: String(shotNumber) };
}

/** The status document of a job that ended. */
export async function jobDocument(
  db: Executor,
  jobId: string,
): Promise<{ document: JsonObject; reason: string | null } | undefined> {
  const job = await findJob(db, jobId);
  if (!job || job.ended_at === null) return undefined;
  const succeeded = job.state === 'completed';
  const paths = job.private_paths ?? [];
  const words = paths.length === 0 ? [] : privateWords(job, paths);
  const reason = job.reason === null ? null : hideWords(job.reason, words);
  const document = statusDocument({
    actionId: job.id,
    succeeded,
    label: hideWords(job.label, words),
    creatorId: job.owner_id,
    startedAt: job.created_at,
    endedAt: job.ended_at,
    displayStatus: succeeded ? 'completed' : `${job.state}: ${reason ?? 'no reason given'}`,
    details: {
      jobId: job.id,
      siteId: job.site_id,
      siteName: job.site_name,
      attempt: job.attempt,
      exitCode: job.exit_code,
      outputs: (job.outputs ?? []).map(({ value: _, ...output }) => output),
      ...valueOf(job.id, job.outputs ?? []),
      ...(succeeded ? {} : { reason }),
    },
  });
  return { document, reason };
}

/** The value that a job gives, in the two places where Globus Compute has it. */
function valueOf(jobId: string, outputs: readonly JobOutput[]): JsonObject {
  const value = outputs.find((output) => output.value !== undefined)?.value;
  if (value === undefined) return {};
  return { result: [value], results: [{ task_id: jobId, output: value }] };
}
