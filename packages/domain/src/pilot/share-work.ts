import { compareUrgency } from '../job/urgency.ts';
import { limits } from '../limits.ts';
import type { JobsWaiting } from './pilot-needs.ts';
import { emptyRoom, pack } from './pilot-room.ts';
import type { PoolDraft } from './pool-draft.ts';
import { poolShortage } from './pool-shortage.ts';

/**
 * Puts waiting work into the pools of a site, the most urgent first: into pilots that run and have
 * room, then into the pool that suits it best, there into pilots that are queued or submitted now,
 * then into the next one. What no pool has room for is counted to the first of them.
 */
export function shareWork(waiting: readonly JobsWaiting[], drafts: readonly PoolDraft[]): void {
  for (const work of waiting.toSorted(byNeed)) {
    const pools = drafts.filter((draft) => takes(draft, work)).toSorted(bySuiting(work));
    let left = work.count;
    for (const draft of pools) left -= putIntoRunning(draft, work, left);
    for (const draft of pools) left -= putIntoComing(draft, work, left);
    const [first] = pools;
    if (first === undefined || left === 0) continue;
    note(first, work, left);
    first.beyond.push({ ...work, count: left });
  }
}

/** What is hard to pack goes first among equals. */
function byNeed(a: JobsWaiting, b: JobsWaiting): number {
  return (
    compareUrgency(a.urgency, b.urgency) ||
    b.resources.nodes - a.resources.nodes ||
    b.resources.gpus - a.resources.gpus ||
    b.resources.cores - a.resources.cores
  );
}

function takes({ needs: { pool }, shape, isClosing, maxPilots }: PoolDraft, work: JobsWaiting) {
  return (
    !isClosing &&
    maxPilots > 0 &&
    pool.urgencies.includes(work.urgency) &&
    (work.allocation === null || work.allocation === pool.account) &&
    poolShortage(shape, work) === null
  );
}

/**
 * Backfill belongs where it may be preempted, everything else where it may not; of those, to the
 * pool that serves the fewest kinds, and work without GPUs to nodes without.
 */
function bySuiting(work: JobsWaiting): (a: PoolDraft, b: PoolDraft) => number {
  const wantsPreemptable = work.urgency === 'backfill';
  const cost = ({ needs: { pool } }: PoolDraft): number[] => [
    pool.preemptable === wantsPreemptable ? 0 : 1,
    pool.urgencies.length,
    work.resources.gpus > 0 ? 0 : pool.gpusPerNode,
  ];
  return (a, b) => {
    const other = cost(b);
    return cost(a).reduce((order, value, index) => order || value - (other[index] ?? 0), 0);
  };
}

function putIntoRunning(draft: PoolDraft, work: JobsWaiting, count: number): number {
  let left = count;
  for (const room of draft.rooms) {
    if (left === 0) break;
    if (room.pilot?.state === 'running') left -= pack(room, work, left);
  }
  note(draft, work, count - left);
  return count - left;
}

function putIntoComing(draft: PoolDraft, work: JobsWaiting, count: number): number {
  let left = count;
  const queued = draft.rooms.filter(({ pilot }) => pilot?.state !== 'running');
  for (const room of [...queued, ...draft.added]) {
    if (left === 0) break;
    left -= pack(room, work, left);
  }
  while (left > 0 && mayAdd(draft)) {
    const room = newRoom(draft, work.resources.nodes);
    const packed = pack(room, work, left);
    if (packed === 0) break;
    draft.added.push(room);
    left -= packed;
  }
  note(draft, work, count - left);
  return count - left;
}

/** Whether the pool may have another pilot now. */
export function mayAdd({ stopped, alive, added, maxPilots }: PoolDraft): boolean {
  return stopped === null && alive.length + added.length < maxPilots;
}

/** A pilot to submit, large enough for work on so many nodes. */
export function newRoom(draft: PoolDraft, nodes: number) {
  const seconds = draft.walltimeSeconds - limits.pilotMarginSeconds;
  return emptyRoom(draft.needs.pool, Math.max(draft.nodesPerPilot, nodes), seconds);
}

function note({ waiting }: PoolDraft, { resources }: JobsWaiting, jobs: number): void {
  waiting.jobs += jobs;
  waiting.cores += jobs * resources.cores * resources.nodes;
}
