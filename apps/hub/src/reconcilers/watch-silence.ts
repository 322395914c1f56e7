import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds, secondsBetween, type Instant } from '@interpulse/domain/time.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { lockFlowRunsOf } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import { takeBackFromSite } from '@interpulse/store/jobs/take-back-jobs.ts';
import { longestUnheard, silenceSites } from '@interpulse/store/sites/watch-sites.ts';
import type { AgentSessions } from '../agents/agent-sessions.ts';
import { noticeEndedJobs } from '../services/notice-ended-jobs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { noteConnected } from './note-connected.ts';

/**
 * Calls sites silent whose agents were not heard of for a while, and takes their work back so that
 * it is placed elsewhere. A hub that was down, suspended or without its database could hear nobody:
 * silence counts from when it is back, and agents have time to come back to it. Answers when the
 * next site would be silent.
 */
export function createSilenceWatch(
  hub: Hub,
  sessions: Pick<AgentSessions, 'connected' | 'hasSaidState' | 'forget'>,
  startedAt: Instant,
): () => Promise<Instant | null> {
  let backAt = startedAt;
  let watchedAt = startedAt;
  return async () => {
    // Who is connected here is heard, however late that is written down.
    await noteConnected(hub, sessions);
    const now = hub.now();
    const restSeconds = secondsBetween(watchedAt, now);
    // Set back, its clock would not reach the instant from which silence counts for long.
    if (restSeconds > limits.silentAfterSeconds || restSeconds < 0) backAt = now;
    watchedAt = now;
    const from = addSeconds(backAt, limits.comeBackSeconds);
    if (now < from) return from;
    const before = addSeconds(now, -limits.silentAfterSeconds);
    await hub.transaction(async (tx) => {
      for (const site of await silenceSites(tx, before)) await loseSite(hub, tx, site, now);
    });
    const unheard = await longestUnheard(hub.db);
    // Silent is who was heard of before that instant, and not at it.
    return unheard === null ? null : addSeconds(unheard, limits.silentAfterSeconds + 0.001);
  };
}

async function loseSite(
  hub: Hub,
  tx: HubTransaction,
  site: { id: string; name: string },
  at: Instant,
): Promise<void> {
  const reason = `site ${site.name} was not heard of for ${limits.silentAfterSeconds} s`;
  tx.commitWith(lockFlowRunsOf(tx, { siteId: site.id }));
  const lost = await takeBackFromSite(tx, site.id, at, reason);
  await appendEvents(tx, [
    {
      at,
      kind: 'site.silent',
      subjectType: 'site',
      subjectId: site.id,
      project: null,
      flowRunId: null,
      actor: null,
      data: { reason, jobs: lost.length },
    },
  ]);
  tx.notify([eventsTopic, topics.queuedJobs, topics.cancels(site.id)]);
  await noticeEndedJobs(hub, tx, lost);
}
