import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { planMoves, type Move, type WaitingLine } from '@interpulse/domain/placement/plan-moves.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { recallJobs, type RecalledJob } from '@interpulse/store/jobs/recall-jobs.ts';
import { readWaiting, sitesWithWaiting } from '@interpulse/store/jobs/waiting-lines.ts';
import { readLimitUses } from '@interpulse/store/sites/limits.ts';
import { readSiteSnapshots } from '@interpulse/store/sites/read-site-snapshots.ts';
import { topics, type Hub } from '../hub.ts';
import { placeJobsNow } from '../services/place-jobs-now.ts';
import { sizeJobs } from '../services/size-jobs.ts';

/**
 * Moves work that waits at one site, and that no pilot has, to sites that could begin it now or
 * much sooner: placing goes by estimates, and what was placed finds its way again when they were
 * wrong. One short question finds out that there is nothing to do; where a look at the lines moved
 * nothing, the next one comes later.
 */
export function createMoveWaitingJobs(hub: Hub): () => Promise<void> {
  let turn = 0;
  let restSeconds = 0;
  let restsUntilMs = 0;
  return async () => {
    const nowMs = performance.now();
    if (nowMs < restsUntilMs) return;
    const waiting = await sitesWithWaiting(hub.db, hub.now());
    if (waiting.length === 0) return;
    const first = turn % waiting.length;
    const turned = [...waiting.slice(first), ...waiting.slice(0, first)];
    const looked = turned.slice(0, limits.sitesPerMove);
    turn += looked.length;
    const moved = await moveFrom(hub, looked);
    restSeconds = moved > 0 ? 0 : Math.min(limits.moveRestSeconds, Math.max(1, restSeconds * 2));
    restsUntilMs = nowMs + restSeconds * 1000;
  };
}

/** Moves what waits at these sites; answers how many jobs were recalled. */
async function moveFrom(hub: Hub, siteIds: readonly string[]): Promise<number> {
  const moves = await plan(hub, siteIds);
  if (moves.length === 0) return 0;
  return hub.transaction(async (tx) => {
    const recalled = await recallJobs(tx, moves, hub.now());
    if (recalled.length === 0) return 0;
    const chosen = new Map(moves.map((move) => [move.jobId, move]));
    const jobIds = recalled.map(({ jobId }) => jobId);
    await placeJobsNow(hub, tx, jobIds, { moves: chosen });
    tx.notify([eventsTopic, topics.queuedJobs, ...endsOfStaging(recalled)]);
    return recalled.length;
  });
}

async function plan(hub: Hub, siteIds: readonly string[]): Promise<Move[]> {
  const { db } = hub;
  const now = hub.now();
  const [{ jobs, lastLeases }, sites, uses] = await Promise.all([
    readWaiting(db, siteIds),
    readSiteSnapshots(db, now, assumptions.runSeconds),
    readLimitUses(db),
  ]);
  const bySite = Map.groupBy(await sizeJobs(hub, db, jobs), ({ siteId }) => siteId);
  const last = new Map(lastLeases.map(({ siteId, lastLeaseAt }) => [siteId, lastLeaseAt]));
  const lines = sites.map(({ id: siteId }): WaitingLine => {
    return { siteId, lastLeaseAt: last.get(siteId) ?? null, jobs: bySite.get(siteId) ?? [] };
  });
  return planMoves(lines, sites, { now, limits: uses });
}

/** Inputs that were on their way: who holds the sessions tells both ends that it is over. */
function endsOfStaging(recalled: readonly RecalledJob[]): string[] {
  const staging = recalled.filter(({ wasStaging }) => wasStaging);
  return [...new Set(staging.map(({ fromSiteId }) => topics.cancels(fromSiteId)))];
}
