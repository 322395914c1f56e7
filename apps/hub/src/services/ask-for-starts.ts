import { lookAhead } from '@interpulse/store/sites/look-ahead.ts';
import { roomTimes, type RoomSeen } from '../agents/see-room.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { lastSiteChosen, placingTime } from './choose-sites.ts';

/**
 * Asks ahead for what the start of jobs needs, where that was not done already: by one message
 * instead of one for each that needs something.
 */
export function askOnceForStarts(hub: Hub, tx: HubTransaction): void {
  const { ahead } = tx;
  if (ahead.see('sites') !== undefined || ahead.see('room') !== undefined) return;
  void askForStarts(hub, tx, lastSiteChosen(hub));
}

/**
 * Asks ahead for what the start of a step needs, most likely at this site: see `Ahead`. Answers the
 * question for the site's room.
 */
export function askForStarts(hub: Hub, tx: HubTransaction, siteId: string): Promise<RoomSeen> {
  const [placing, times] = [placingTime(hub), roomTimes(hub)];
  const answer = lookAhead(tx, siteId, hub.now());
  const room = answer.then((seen) => ({ siteId, ...times, room: seen.room }));
  tx.ahead.ask(
    'sites',
    answer.then(({ sites, limits }) => ({ sites, limits, lookedAt: placing })),
  );
  tx.ahead.ask(
    'revisions',
    answer.then(({ revisions }) => revisions),
  );
  tx.ahead.ask('room', room);
  return room;
}
