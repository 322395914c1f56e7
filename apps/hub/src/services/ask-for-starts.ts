import { readRevisions } from '@interpulse/store/revisions.ts';
import { lookForRoom, type RoomSeen } from '../agents/see-room.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { lookAtSites } from './choose-sites.ts';

/**
 * Asks ahead for what the start of a step needs, most likely at this site: see `Ahead`. Answers the
 * question for the site's room.
 */
export function askForStarts(hub: Hub, tx: HubTransaction, siteId: string): Promise<RoomSeen> {
  const at = hub.now();
  const room = lookForRoom(hub, tx, siteId, at);
  tx.ahead.ask('revisions', readRevisions(tx));
  tx.ahead.ask('sites', lookAtSites(hub, tx, at));
  tx.ahead.ask('room', room);
  return room;
}
