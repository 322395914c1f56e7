import { noteSiteSeen } from '@interpulse/store/sites/watch-sites.ts';
import type { AgentSessions } from '../agents/agent-sessions.ts';
import { topics, type Hub } from '../hub.ts';

/** Writes down which sites' agents are connected here, so that every hub knows who is silent. */
export async function noteConnected(hub: Hub, sessions: AgentSessions): Promise<void> {
  for (const siteId of sessions.connected()) {
    const wasSilent = await noteSiteSeen(hub.db, siteId, hub.now());
    if (wasSilent) hub.db.announce([topics.queuedJobs, topics.transfers, topics.pilots]);
  }
}
