import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds, type Instant } from '@interpulse/domain/time.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { takeBackFromSite } from '@interpulse/store/jobs/lose-jobs.ts';
import { silenceSites } from '@interpulse/store/sites/watch-sites.ts';
import { noticeEndedJobs } from '../services/notice-ended-jobs.ts';
import { topics, type Hub } from '../hub.ts';

/**
 * Calls sites silent whose agents were not heard of for a while, and takes their work back so that
 * it is placed elsewhere. A hub that was down could hear nobody: silence counts from its start.
 */
export async function watchSilence(hub: Hub, startedAt: Instant): Promise<void> {
  const now = hub.now();
  if (now < addSeconds(startedAt, limits.silentAfterSeconds)) return;
  const before = addSeconds(now, -limits.silentAfterSeconds);
  await hub.transaction(async (tx) => {
    for (const site of await silenceSites(tx, before)) {
      const reason = `site ${site.name} was not heard of for ${limits.silentAfterSeconds} s`;
      const lost = await takeBackFromSite(tx, site.id, now, reason);
      await appendEvents(tx, [
        {
          at: now,
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
  });
}
