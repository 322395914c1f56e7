import type { Instant } from '../time.ts';
import { chooseReleases, type Releases } from './choose-releases.ts';
import type { PoolPlan, SiteNeeds } from './pilot-needs.ts';
import { draftPool, type PoolDraft } from './pool-draft.ts';
import { mayAdd, newRoom, shareWork } from './share-work.ts';

/**
 * Decides for each pool of a site which pilots to submit and which to let go: enough for the work
 * that waits and suits the pool, at least `minWarm`, at most `maxPilots`. Work that several pools
 * could take is counted to one of them. No pilot outlives the beginning of a maintenance.
 */
export function planPilots(site: SiteNeeds, now: Instant): PoolPlan[] {
  const drafts = site.pools.map((needs) => draftPool(site, needs, now));
  shareWork(site.pools[0]?.waiting ?? [], drafts);
  return drafts.map((draft) => {
    const forWork = draft.added.length;
    while (draft.rooms.length + draft.added.length < draft.minWarm && mayAdd(draft)) {
      draft.added.push(newRoom(draft, 1));
    }
    const releases = draft.added.length > 0 ? null : chooseReleases(draft, now);
    return {
      pool: draft.needs.pool.name,
      submit: draft.added.map(({ nodes }) => ({
        nodes: nodes.length,
        walltimeSeconds: draft.walltimeSeconds,
      })),
      release: releases?.pilots.map(({ id }) => id) ?? [],
      reason: describePlan(draft, { forWork, releases }),
    };
  });
}

function describePlan(
  draft: PoolDraft,
  { forWork, releases }: { forWork: number; releases: Releases | null },
): string {
  const parts = [describeWork(draft)];
  const warm = draft.added.length - forWork;
  if (draft.stopped !== null) parts.push(draft.stopped);
  if (forWork > 0) parts.push(`${counted(forWork, 'pilot')} more wanted`);
  if (warm > 0) parts.push(`${counted(warm, 'pilot')} more kept warm`);
  if (releases !== null) {
    parts.push(`${counted(releases.pilots.length, 'pilot')} let go, ${releases.reason}`);
  }
  return [...parts, ...describeStanding(draft)].join('; ');
}

function describeWork({ waiting: { jobs, cores } }: PoolDraft): string {
  if (jobs === 0) return 'nothing waits';
  return `${counted(jobs, 'job')} ${jobs === 1 ? 'waits' : 'wait'} for ${counted(cores, 'core')}`;
}

function describeStanding(draft: PoolDraft): string[] {
  const running = draft.alive.filter(({ state }) => state === 'running').length;
  const queued = draft.alive.length - running;
  const parts = [
    ...(running > 0 ? [`${counted(running, 'pilot')} ${are(running)} running`] : []),
    ...(queued > 0 ? [`${counted(queued, 'pilot')} ${are(queued)} queued`] : []),
  ];
  const isFull = draft.beyond.length > 0 && draft.alive.length >= draft.maxPilots;
  const full = isFull ? [`it may have ${draft.maxPilots}`] : [];
  return [...parts, ...full];
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}
