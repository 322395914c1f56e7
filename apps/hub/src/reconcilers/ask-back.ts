import type { HubToAgent } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { chooseReturns } from '@interpulse/domain/pilot/choose-returns.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { readKeptWork, sitesWithKeptWork } from '@interpulse/store/jobs/kept-jobs.ts';
import type { Hub } from '../hub.ts';

type Returned = Extract<HubToAgent, { type: 'returnJobs' }>['jobs'];

/**
 * Asks pilots for work that they have and have not begun, where others have room for it now: what
 * is kept at hand never keeps anybody idle. What comes back is leased again as any ready job.
 */
export function createAskBack(hub: Hub): () => Promise<void> {
  const asked = new Map<string, number>();
  return async () => {
    const here = hub.agents.connected();
    const oldestMs = performance.now() - limits.askBackAgainSeconds * 1000;
    for (const [key, atMs] of asked) if (atMs < oldestMs) asked.delete(key);
    for (const siteId of await sitesWithKeptWork(hub.db, here)) {
      const jobs = await chooseAtSite(hub, siteId, asked);
      for (const { jobId, attempt } of jobs) asked.set(`${jobId} ${attempt}`, performance.now());
      for (let at = 0; at < jobs.length; at += limits.jobsPerCancelMessage) {
        const some = jobs.slice(at, at + limits.jobsPerCancelMessage);
        hub.tell(siteId, { type: 'returnJobs', jobs: some });
      }
    }
  };
}

async function chooseAtSite(
  hub: Hub,
  siteId: string,
  asked: ReadonlyMap<string, number>,
): Promise<Returned> {
  const now = hub.now();
  const leasedBefore = addSeconds(now, -limits.askBackAfterSeconds);
  const work = await readKeptWork(hub.db, siteId, { now, leasedBefore });
  const kept = work.kept.map((job) => {
    return { ...job, isAsked: asked.has(`${job.id} ${job.attempt}`) };
  });
  return chooseReturns({ ...work, kept }).map(({ id, attempt, pilotId }) => {
    return { jobId: id as JobId, attempt, pilotId };
  });
}
