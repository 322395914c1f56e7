import { noteSiteSeen } from '@interpulse/store/sites/watch-sites.ts';
import type { AgentSessions } from '../agents/agent-sessions.ts';
import { topics, type Hub } from '../hub.ts';

/** Writes down which sites' agents are connected here, so that every hub knows who is silent. */
export async function noteConnected(
  hub: Hub,
  sessions: Pick<AgentSessions, 'connected' | 'hasSaidState' | 'forget'>,
): Promise<void> {
  for (const siteId of sessions.connected()) {
    // A session that has just begun begins with the state, which is on its way.
    const hadSaidState = sessions.hasSaidState(siteId);
    const wasSilent = await noteSiteSeen(hub.db, siteId, hub.now());
    if (!wasSilent) continue;
    hub.db.announce([topics.queuedJobs, topics.transfers, topics.pilots]);
    // Its work was given to others; when it says what its pilots still have, it is told to end it.
    if (hadSaidState)
      sessions.forget(siteId, 'the site was silent; its agent says anew what it has');
  }
}
