import { computeInputSchema } from '@interpulse/domain/flow/action-inputs.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { hideWords, privateWords } from '@interpulse/domain/job/hide-job.ts';
import { jobRequestSchema, type JobOutput, type JobRequest } from '@interpulse/domain/job/job.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import type { LockedFlowRun } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import { insertJobs, type NewJob, type OwnOrigin } from '@interpulse/store/jobs/insert-jobs.ts';
import type { JobRow } from '@interpulse/store/jobs/job-row.ts';
import { findJobs } from '@interpulse/store/jobs/read-jobs.ts';
import { placeJobsNow } from '../services/place-jobs-now.ts';
import { findLocationFaults } from '../services/find-location-faults.ts';
import { prepareJobs, type PreparedJob } from '../services/prepare-jobs.ts';
import { asReadRequest, type ReadRequest } from '../services/read-job-requests.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import type { Action, ActionCall, ActionStart } from './action.ts';
import { orUnable } from './refusal-of.ts';
import { statusDocument } from './status-document.ts';

/** `interpulse:compute`: a job; its inputs are staged to whichever site is chosen. */
export const compute: Action = {
  deferred: false,
  async startAll(calls) {
    const [{ hub, tx, at }] = calls;
    const read = calls.map((call) => ({ call, ...orUnable(call.state, () => requestOf(call)) }));
    const asked = read.flatMap((each) =>
      'made' in each ? [{ call: each.call, request: each.made }] : [],
    );
    const prepared = await prepareEach(
      tx,
      asked.map(({ request }) => asReadRequest(request)),
    );
    const starts = new Map<ActionCall, ActionStart>();
    const jobs: NewJob[] = [];
    const own: OwnOrigin[] = [];
    asked.forEach(({ call, request }, index) => {
      const job = prepared[index] ?? [];
      if (Array.isArray(job)) {
        const reason = `${call.state}: ${job.map(({ msg }) => msg).join('; ')}`;
        starts.set(call, { kind: 'unable', reason });
        return;
      }
      const id = hub.newId('job');
      const returnTo = request.returnTo?.replace(/\/$/, '') ?? null;
      jobs.push({ ...job, id, parents: [], returnTo });
      own.push(originOf(call));
      starts.set(call, { kind: 'pending', jobId: id });
    });
    await insertAndPlace(hub, tx, { jobs, own }, at);
    return read.map((each) => {
      const start = 'unable' in each ? each.unable : starts.get(each.call);
      return start ?? { kind: 'unable', reason: `${each.call.state}: it could not be prepared` };
    });
  },
};

async function insertAndPlace(
  hub: Hub,
  tx: HubTransaction,
  { jobs, own }: { jobs: readonly NewJob[]; own: readonly OwnOrigin[] },
  at: string,
): Promise<void> {
  const [first] = own;
  if (first === undefined) return;
  const origin = { ...first, createdByJobId: null, ensembleId: null, privatePaths: [] };
  const ids = jobs.map(({ id }) => id);
  const [, { placed }] = await Promise.all([
    insertJobs(tx, jobs, origin, at, undefined, own),
    placeJobsNow(hub, tx, ids),
  ]);
  if (placed < ids.length) tx.notify([topics.queuedJobs]);
}

function requestOf({ run, state, input }: ActionCall): JobRequest {
  const { label, urgency, deadlineAt, outputs, ...rest } = computeInputSchema.parse(input);
  return jobRequestSchema.parse({
    ...rest,
    ...(outputs ? { outputs } : {}),
    environment: { ...(rest.mayUseHub === true ? runVariables(run) : {}), ...rest.environment },
    label: label ?? `${state} of ${run.label || run.flowName}`,
    urgency: urgency ?? run.urgency,
    deadlineAt: deadlineAt === undefined ? run.deadlineAt : deadlineAt,
  });
}

/** Each request as a job, or what is wrong with it. */
async function prepareEach(
  tx: Executor,
  requests: readonly ReadRequest[],
): Promise<(PreparedJob | Fault[])[]> {
  if (requests.length === 0) return [];
  const faults = await findLocationFaults(tx, requests);
  const { jobs } = await prepareJobs(tx, requests, faults);
  if (faults.length === 0) return jobs;
  const faulty = Map.groupBy(faults, ({ loc: [, index] }) => Number(index));
  const good = requests.filter((_, index) => !faulty.has(index));
  const rest = good.length === 0 ? [] : (await prepareJobs(tx, good, [])).jobs;
  const others = rest.values();
  return requests.map((_, index) => faulty.get(index) ?? others.next().value ?? []);
}

function originOf({ run, step, provider, privatePaths }: ActionCall): OwnOrigin {
  // What was written for Globus has other names: what is private there may be anywhere here.
  const paths = isOurs(provider) || privatePaths.length === 0 ? privatePaths : [[]];
  return {
    project: run.project,
    ownerId: run.ownerId,
    flowRunId: run.id,
    flowStep: step,
    privatePaths: privatePaths.length === 0 ? undefined : paths,
  };
}

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

/** The status documents of jobs, of those that have ended, by the jobs' ids. */
export async function jobDocuments(
  db: Executor,
  jobIds: readonly string[],
): Promise<Map<string, JsonObject>> {
  const jobs = await findJobs(db, jobIds);
  return new Map(
    jobs.flatMap((job) =>
      job.ended_at === null ? [] : [[job.id, documentOf(job, job.ended_at)] as const],
    ),
  );
}

function documentOf(job: JobRow, endedAt: string): JsonObject {
  const succeeded = job.state === 'completed';
  const paths = job.private_paths ?? [];
  const words = paths.length === 0 ? [] : privateWords(job, paths);
  const reason = job.reason === null ? null : hideWords(job.reason, words);
  return statusDocument({
    actionId: job.id,
    succeeded,
    label: hideWords(job.label, words),
    creatorId: job.owner_id,
    startedAt: job.created_at,
    endedAt,
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
}

/** The value that a job gives, in the two places where Globus Compute has it. */
function valueOf(jobId: string, outputs: readonly JobOutput[]): JsonObject {
  const value = outputs.find((output) => output.value !== undefined)?.value;
  if (value === undefined) return {};
  return { result: [value], results: [{ task_id: jobId, output: value }] };
}
