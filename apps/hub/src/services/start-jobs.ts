import type { JobId } from '@interpulse/domain/id.ts';
import { compareTurns } from '@interpulse/domain/job/compare-turns.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  insertJobs,
  type FirstPlace,
  type InsertedJobs,
  type NewJob,
  type NewJobsOrigin,
} from '@interpulse/store/jobs/insert-jobs.ts';
import type { JobSpec } from '@interpulse/store/jobs/job-specs.ts';
import type { QueuedJob } from '@interpulse/store/jobs/place-jobs.ts';
import { giveToPilots, tellGiven, type JobAtSite } from '../agents/give-to-pilots.ts';
import { leaseAtSite } from '../agents/lease-jobs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { chooseSites, lookAtSites, type ChosenSites } from './choose-sites.ts';
import { sendInputs } from './send-inputs.ts';

/** A job that is about to be written, with what it shares with others. */
export interface JobToStart extends NewJob {
  spec: JobSpec;
}

type Owner = Pick<NewJobsOrigin, 'project' | 'ownerId' | 'flowRunId'>;

/** Jobs that are written together. */
export interface JobsToStart extends Omit<InsertedJobs, 'first'> {
  jobs: readonly JobToStart[];
  origin: NewJobsOrigin;
}

/**
 * Writes new jobs as what they are a moment later: placed, their inputs on the way, at a pilot that
 * has room. What is decided before a job is written costs no change of its row. Jobs with parents
 * wait; what no site takes is queued, and so is everything when there are more than `most`.
 */
export async function startJobs(
  hub: Hub,
  tx: HubTransaction,
  { jobs, origin, ...besides }: JobsToStart,
  at: string,
  most: number = limits.jobsPerPlacement,
): Promise<void> {
  const whose = jobs.map((_, index): Owner => besides.own?.[index] ?? origin);
  const free = jobs.flatMap((job, index) => {
    const owner = whose[index];
    return job.parents.length > 0 || owner === undefined ? [] : [{ job, owner }];
  });
  const isFew = free.length > 0 && free.length <= most;
  const { placements, chosen } = isFew ? await chooseFor(hub, tx, free, at) : nothingChosen;
  const byId = new Map(free.map((each) => [each.job.id, each]));
  const ready = chosen.flatMap(({ decided, site }): JobAtSite[] => {
    const each = byId.get(decided.job.id);
    return each === undefined || decided.staging ? [] : [{ ...each, site }];
  });
  const given = await giveToPilots(hub, tx, ready, at);
  const first = new Map<JobId, FirstPlace>();
  for (const placement of placements) {
    const nowhere = { placement, staging: false, stagedInputs: {}, pilotId: null };
    first.set(placement.jobId as JobId, nowhere);
  }
  for (const { decided } of chosen) {
    first.set(decided.job.id, { ...decided, pilotId: given.pilots.get(decided.job.id) ?? null });
  }
  tx.commitWith(insertJobs(tx, jobs, origin, at, { ...besides, first }));
  tx.notify([eventsTopic]);
  if (chosen.length < free.length) tx.notify([topics.queuedJobs]);
  // What runs at once where it is wants no other pilot.
  if (given.pilots.size < chosen.length || given.isKeptForLong) tx.notify([topics.pilots]);
  sendInputs(hub, tx, chosen, at);
  await tellGiven(hub, tx, given);
  for (const siteId of given.leaseAt) await leaseAtSite(hub, tx, siteId);
}

const nothingChosen: ChosenSites = { placements: [], heldUp: new Set(), chosen: [] };

async function chooseFor(
  hub: Hub,
  tx: HubTransaction,
  free: readonly { job: JobToStart; owner: Owner }[],
  at: string,
): Promise<ChosenSites> {
  const inTurn = free.toSorted((a, b) => compareTurns(a.job, b.job));
  const jobs = inTurn.map(({ job, owner }) => asQueued(job, owner));
  const seen = (await tx.ahead.take('sites')) ?? (await lookAtSites(hub, tx, at));
  return chooseSites(hub, tx, { jobs, seen }, at);
}

function asQueued({ spec, ...job }: JobToStart, owner: Owner): QueuedJob {
  const { id, app, specId, urgency, inputs, returnTo, deadlineAt } = job;
  const { project, ownerId, flowRunId } = owner;
  return {
    id,
    app,
    specId,
    urgency,
    inputs,
    returnTo,
    deadlineAt,
    project,
    ownerId,
    flowRunId,
    code: spec.codeSeen,
    appSites: spec.appSites,
    site: spec.siteWish,
    resources: spec.resources,
    allocation: spec.allocation,
    restartable: spec.restartable,
    strategy: spec.placement,
  };
}
