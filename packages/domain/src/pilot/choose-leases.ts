import type { PilotId } from '../id.ts';
import type { Urgency } from '../job/urgency.ts';
import { limits } from '../limits.ts';

/** What leasing sees of a job that is ready. */
export interface ReadyJob {
  id: string;
  specId: number;
  urgency: Urgency;
  nodes: number;
  /** These three on all its nodes together. */
  cores: number;
  gpus: number;
  memoryBytes: number;
  walltimeSeconds: number;
  /** What it is expected to take. */
  runSeconds: number;
  allocation: string | null;
  /** It may start with less time than it asks for. */
  restartable: boolean;
}

/** Work that a pilot holds, in sums. */
export interface Held {
  cores: number;
  gpus: number;
  memoryBytes: number;
  coreSeconds: number;
}

/** What leasing sees of a pilot: the smallest of its nodes, and what it holds. It is changed. */
export interface PilotWithRoom {
  id: PilotId;
  urgencies: readonly Urgency[];
  account: string | null;
  nodes: number;
  cores: number;
  coresPerNode: number;
  gpusPerNode: number;
  /** 0 when nobody knows. */
  memoryBytesPerNode: number;
  /** Until its walltime is over, none when it leaves before; null when nobody knows. */
  leftSeconds: number | null;
  heldCores: number;
  heldGpus: number;
  heldMemoryBytes: number;
  heldCoreSeconds: number;
  /** Of that, by urgency, what has not begun and is less urgent: it is passed at the pilot. */
  passable: Record<Urgency, Held>;
}

/** Who gets what, in the order given; and the jobs that suit no pilot, whatever ends. */
export interface LeaseChoice {
  leases: { jobId: string; pilotId: PilotId }[];
  unsuited: string[];
}

/**
 * Gives ready jobs, in their order, to pilots: to run now where one has the room, else to be kept
 * at hand. What suits a pilot that has no room for it holds that pilot back: nothing behind it goes
 * there before it does, so that small jobs never starve a large one. What waits at a pilot and is
 * less urgent takes no room from what passes it there: so an urgent job is next where it is kept,
 * and a pilot never holds more than three times, once for each urgency, what it keeps at hand.
 */
export function chooseLeases(
  jobs: readonly ReadyJob[],
  pilots: readonly PilotWithRoom[],
): LeaseChoice {
  const open = new Set(pilots);
  const choice: LeaseChoice = { leases: [], unsuited: [] };
  for (const job of jobs) {
    if (open.size === 0) break;
    const suited = pilots.filter((pilot) => suits(job, pilot));
    if (suited.length === 0) {
      choice.unsuited.push(job.id);
      continue;
    }
    const free = suited.filter((pilot) => open.has(pilot));
    const pilot =
      emptiest(free.filter((each) => fitsTimes(job, each, 1))) ??
      soonest(
        job,
        free.filter((each) => mayKeep(job, each)),
      );
    if (pilot !== null) {
      holdBesides(pilot, job);
      choice.leases.push({ jobId: job.id, pilotId: pilot.id });
      continue;
    }
    // Where the job goes next; what is behind it waits.
    const next = emptiest(free);
    if (next !== null) open.delete(next);
  }
  return choice;
}

/**
 * About how many jobs of an urgency pilots would take now: none while all have enough at hand, so
 * that a stream of short jobs is leased in portions.
 */
export function roomForMore(pilots: readonly PilotWithRoom[], urgency: Urgency): number {
  return pilots.reduce((sum, pilot) => {
    return pilot.urgencies.includes(urgency) ? sum + roomOf(pilot, ahead(pilot, urgency)) : sum;
  }, 0);
}

function roomOf(pilot: PilotWithRoom, held: Held): number {
  const usual = pilot.cores * (1 + limits.prefetchJobsPerCore) - held.cores;
  const wantedSeconds = pilot.cores * limits.prefetchSeconds;
  const mostCores = pilot.cores * limits.prefetchMostJobsPerCore - held.cores;
  if (held.cores === 0) return Math.max(1, mostCores);
  if (usual <= 0 && held.coreSeconds > wantedSeconds / 2) return 0;
  const typicalSeconds = held.coreSeconds / held.cores;
  const short = (wantedSeconds - held.coreSeconds) / Math.max(typicalSeconds, 0.001);
  return Math.max(0, usual, Math.min(mostCores, Math.ceil(short)));
}

/** What runs at a pilot or has its turn there before new work of an urgency. */
function ahead(pilot: PilotWithRoom, urgency: Urgency): Held {
  const { heldCores, heldGpus, heldMemoryBytes, heldCoreSeconds, passable } = pilot;
  const passed = passable[urgency];
  return {
    cores: heldCores - passed.cores,
    gpus: heldGpus - passed.gpus,
    memoryBytes: heldMemoryBytes - passed.memoryBytes,
    coreSeconds: heldCoreSeconds - passed.coreSeconds,
  };
}

/** Whether a pilot could ever run a job, were it idle. */
export function suits(job: ReadyJob, pilot: PilotWithRoom): boolean {
  const { nodes } = job;
  if (!pilot.urgencies.includes(job.urgency)) return false;
  if (job.allocation !== null && pilot.account !== job.allocation) return false;
  if (nodes > pilot.nodes || job.cores > pilot.coresPerNode * nodes) return false;
  if (job.gpus > pilot.gpusPerNode * nodes) return false;
  const memoryBytes = pilot.memoryBytesPerNode * nodes;
  if (memoryBytes > 0 && job.memoryBytes > memoryBytes) return false;
  if (pilot.leftSeconds === null) return true;
  if (job.restartable) return pilot.leftSeconds > 0;
  return job.walltimeSeconds <= pilot.leftSeconds - limits.pilotMarginSeconds;
}

/** Whether what a pilot holds, with this job, is no more than so many times what it has. */
export function fitsTimes(job: Demand, pilot: PilotWithRoom, times: number): boolean {
  const { heldCores, heldGpus, heldMemoryBytes } = pilot;
  const held = { cores: heldCores, gpus: heldGpus, memoryBytes: heldMemoryBytes };
  return fitsBeside(held, job, { pilot, times });
}

type Demand = Pick<ReadyJob, 'cores' | 'gpus' | 'memoryBytes'>;

function fitsBeside(
  held: Demand,
  job: Demand,
  { pilot, times }: { pilot: PilotWithRoom; times: number },
): boolean {
  const { nodes, memoryBytesPerNode } = pilot;
  const memoryBytes = memoryBytesPerNode * nodes * times;
  return (
    held.cores + job.cores <= pilot.cores * times &&
    held.gpus + job.gpus <= pilot.gpusPerNode * nodes * times + 1e-9 &&
    (memoryBytesPerNode === 0 || held.memoryBytes + job.memoryBytes <= memoryBytes)
  );
}

/** Some jobs are kept at hand, and of short ones as many as end soon. */
function mayKeep(job: ReadyJob, pilot: PilotWithRoom): boolean {
  const held = ahead(pilot, job.urgency);
  if (fitsBeside(held, job, { pilot, times: 1 + limits.prefetchJobsPerCore })) return true;
  const seconds = held.coreSeconds + job.runSeconds * job.cores;
  return (
    seconds <= pilot.cores * limits.prefetchSeconds &&
    fitsBeside(held, job, { pilot, times: limits.prefetchMostJobsPerCore })
  );
}

/** The one with the most free cores; null of none. */
export function emptiest(pilots: readonly PilotWithRoom[]): PilotWithRoom | null {
  return pilots.reduce<PilotWithRoom | null>(
    (best, pilot) => (best === null || freeCores(pilot) > freeCores(best) ? pilot : best),
    null,
  );
}

function freeCores(pilot: PilotWithRoom): number {
  return pilot.cores - pilot.heldCores;
}

/** The one where the least has its turn before a job; null of none. */
function soonest(job: ReadyJob, pilots: readonly PilotWithRoom[]): PilotWithRoom | null {
  const free = (pilot: PilotWithRoom): number => pilot.cores - ahead(pilot, job.urgency).cores;
  const most = Math.max(...pilots.map(free));
  return emptiest(pilots.filter((pilot) => free(pilot) === most));
}

/** Whose work passes that of an urgency. */
const moreUrgentThan: Record<Urgency, readonly Urgency[]> = {
  urgent: [],
  normal: ['urgent'],
  backfill: ['urgent', 'normal'],
};

/** What is counted of a job that a pilot was given. */
export type GivenJob = Demand & Pick<ReadyJob, 'urgency' | 'runSeconds'>;

/** Counts a job as one that a pilot holds. */
export function holdBesides(pilot: PilotWithRoom, job: GivenJob): void {
  const { cores, gpus, memoryBytes } = job;
  const coreSeconds = job.runSeconds * cores;
  pilot.heldCores += cores;
  pilot.heldGpus += gpus;
  pilot.heldMemoryBytes += memoryBytes;
  pilot.heldCoreSeconds += coreSeconds;
  for (const urgency of moreUrgentThan[job.urgency]) {
    const passed = pilot.passable[urgency];
    pilot.passable[urgency] = {
      cores: passed.cores + cores,
      gpus: passed.gpus + gpus,
      memoryBytes: passed.memoryBytes + memoryBytes,
      coreSeconds: passed.coreSeconds + coreSeconds,
    };
  }
}
