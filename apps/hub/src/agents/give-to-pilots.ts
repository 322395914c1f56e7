import type { NewJobsOrigin } from '@interpulse/store/jobs/insert-jobs.ts';
import type { JobSpec } from '@interpulse/store/jobs/job-specs.ts';
import type { LeasedJob, LeasedSpec, RoomForNew } from '@interpulse/store/jobs/lease-jobs.ts';
import type { StoredSnapshot } from '@interpulse/store/sites/read-site-snapshots.ts';
import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import {
  chooseLeases,
  fitsTimes,
  type PilotWithRoom,
  type ReadyJob,
} from '@interpulse/domain/pilot/choose-leases.ts';
import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import type { JobToStart } from '../services/start-jobs.ts';
import { leaseMessages } from './lease-jobs.ts';
import { noteHeld } from './lease-pace.ts';
import { noteGiven, seeRoom } from './see-room.ts';

/** A job that is about to be written as ready at a site. */
export interface JobAtSite {
  job: JobToStart;
  owner: Pick<NewJobsOrigin, 'project' | 'ownerId'>;
  site: StoredSnapshot;
}

/** What giving came to. */
export interface GivenToPilots {
  /** By job. */
  pilots: Map<JobId, PilotId>;
  /** What is to be told when the jobs are written, by site. */
  leased: Map<string, LeasedJob[]>;
  /** Some are kept at hand for so long that another pilot could begin them. */
  isKeptForLong: boolean;
  /** Sites where other jobs wait too: there it is leased in the order of all. */
  leaseAt: string[];
}

/**
 * Gives jobs that are about to be written to pilots with room, where nothing else waits for it:
 * they are written as leased. A pilot that two transactions fill at once has a little more at hand
 * than it would have; none starts more than it has cores for.
 */
export async function giveToPilots(
  hub: Hub,
  tx: HubTransaction,
  jobs: readonly JobAtSite[],
  at: string,
): Promise<GivenToPilots> {
  const given: GivenToPilots = {
    pilots: new Map(),
    leased: new Map(),
    isKeptForLong: false,
    leaseAt: [],
  };
  const bySite = Map.groupBy(jobs, ({ site }) => site.id);
  for (const [siteId, there] of [...bySite].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const isHere = hub.agents.get(siteId) !== undefined;
    const room = isHere ? await seeRoom(hub, tx, siteId, at) : null;
    if (room === null || room.othersWait) {
      given.leaseAt.push(siteId);
      continue;
    }
    const leased = giveAt(hub, tx, siteId, { there, room });
    given.isKeptForLong ||= there.some(isLong) && room.pilots.some(holdsMore);
    for (const { jobId, pilotId } of leased) given.pilots.set(jobId, pilotId);
    given.leased.set(siteId, leased);
  }
  return given;
}

function giveAt(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  { there, room }: { there: readonly JobAtSite[]; room: RoomForNew },
): LeasedJob[] {
  const jobs = new Map(there.map((each) => [each.job.id as string, each]));
  const ready = new Map(there.map((each) => [each.job.id as string, asReady(each)]));
  const { leases } = chooseLeases([...ready.values()], room.pilots);
  // Room may have come since it was looked.
  if (leases.length < there.length) tx.notify([topics.leases(siteId)]);
  const given = leases.flatMap(({ jobId, pilotId }) => {
    const job = ready.get(jobId);
    return job === undefined ? [] : [{ pilotId, job }];
  });
  noteGiven(hub, tx, given);
  const counts = Map.groupBy(leases, ({ pilotId }) => pilotId);
  const held = room.pilots.map(({ id, heldJobs }) => {
    return { pilotId: id, jobs: heldJobs + (counts.get(id)?.length ?? 0) };
  });
  tx.afterCommit(() => noteHeld(hub, held));
  return leases.flatMap(({ jobId, pilotId }) => {
    const job = jobs.get(jobId);
    return job === undefined ? [] : [asLeased(job, pilotId)];
  });
}

function isLong({ job, site }: JobAtSite): boolean {
  return runSecondsOf(job, site) > limits.prefetchSeconds;
}

/** More than it can run at once. */
function holdsMore(pilot: PilotWithRoom): boolean {
  return !fitsTimes({ cores: 0, gpus: 0, memoryBytes: 0 }, pilot, 1);
}

/** Tells the agents what was given to their pilots, once that is committed. */
export async function tellGiven(
  hub: Hub,
  tx: HubTransaction,
  { leased }: GivenToPilots,
): Promise<void> {
  for (const [siteId, jobs] of leased) {
    for (const message of await leaseMessages(hub, tx, jobs)) {
      tx.afterCommit(() => void hub.tell(siteId, message));
    }
  }
}

function runSecondsOf({ app }: JobToStart, { runSeconds }: StoredSnapshot): number {
  const seen = Object.hasOwn(runSeconds, app ?? '') ? runSeconds[app ?? ''] : undefined;
  return seen ?? assumptions.runSeconds;
}

function asReady({ job, site }: JobAtSite): ReadyJob {
  const { id, specId, urgency, cores, spec } = job;
  const { nodes, gpus, memoryBytes, walltimeSeconds } = spec.resources;
  return {
    id,
    specId,
    urgency,
    nodes,
    cores,
    gpus: gpus * nodes,
    memoryBytes: memoryBytes * nodes,
    walltimeSeconds,
    runSeconds: runSecondsOf(job, site),
    allocation: spec.allocation,
    restartable: spec.restartable,
  };
}

function asLeased({ job, owner, site }: JobAtSite, pilotId: PilotId): LeasedJob {
  const { id, app, command, parameters, inputs, urgency, priority, deadlineAt, specId } = job;
  return {
    jobId: id,
    attempt: 1,
    pilotId,
    app,
    command,
    parameters,
    inputs,
    project: owner.project,
    ownerId: owner.ownerId,
    specId,
    urgency,
    priority,
    deadlineAt,
    spec: leasedSpec(job.spec, site.name),
    scratchCollection: site.scratchCollection ?? '',
  };
}

/** What is leased is told once for all jobs that share it: by what it is, so it is made once. */
const leasedSpecs = new WeakMap<JobSpec, Map<string, LeasedSpec>>();

function leasedSpec(spec: JobSpec, siteName: string): LeasedSpec {
  const atSites = leasedSpecs.get(spec) ?? new Map<string, LeasedSpec>();
  leasedSpecs.set(spec, atSites);
  const { appVersion, code, outputRules, environment, resources, restartable, mayUseHub } = spec;
  const own = code !== null && Object.hasOwn(code, siteName) ? code[siteName] : code?.['*'];
  const made = atSites.get(siteName) ?? {
    appVersion,
    code: own ?? null,
    outputs: outputRules,
    environment,
    resources,
    restartable,
    mayUseHub,
  };
  atSites.set(siteName, made);
  return made;
}
