import { holdBesides, type GivenJob } from '@interpulse/domain/pilot/choose-leases.ts';
import { roomForNew, type RoomForNew } from '@interpulse/store/jobs/lease-jobs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { UnderWay } from '../services/under-way.ts';
import { releasePausesOf } from './release-pauses.ts';

/** The room at a site, and when it was looked for; see `UnderWay`. */
export interface RoomSeen {
  siteId: string;
  room: RoomForNew;
  lookedAt: number;
}

/** A job that a transaction has given to a pilot. */
export interface Given {
  pilotId: string;
  job: GivenJob;
}

interface Rooms {
  given: UnderWay<Given>;
  /** When a job last became ready at a site for which there was no room, by site. */
  missedAt: Map<string, number>;
}

const rooms = new WeakMap<Hub, Rooms>();

/** What transactions of this hub, which alone leases at the sites whose sessions it has, give. */
function roomsOf(hub: Hub): Rooms {
  const known = rooms.get(hub) ?? { given: new UnderWay<Given>(), missedAt: new Map() };
  rooms.set(hub, known);
  return known;
}

/** The time for {@link RoomSeen.lookedAt}. */
export function givingTime(hub: Hub): number {
  return roomsOf(hub).given.now();
}

/** Looks which pilots of a site have room for new jobs. */
export async function lookForRoom(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  at: string,
): Promise<RoomSeen> {
  const lookedAt = givingTime(hub);
  return { siteId, lookedAt, room: await roomForNew(tx, siteId, at) };
}

/** The same, or what was asked ahead; with what others are giving at this moment. */
export async function seeRoom(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  at: string,
): Promise<RoomForNew> {
  const ahead = await tx.ahead.take('room');
  const seen = ahead?.siteId === siteId ? ahead : await lookForRoom(hub, tx, siteId, at);
  const paused = releasePausesOf(hub).paused(performance.now());
  const pilots = seen.room.pilots.filter(({ id }) => !paused.has(id));
  const byId = new Map<string, (typeof pilots)[number]>(pilots.map((pilot) => [pilot.id, pilot]));
  for (const { pilotId, job } of roomsOf(hub).given.since(seen.lookedAt, tx)) {
    const pilot = byId.get(pilotId);
    if (pilot !== undefined) holdBesides(pilot, job);
  }
  return { ...seen.room, pilots };
}

/** Notes what a transaction gives to pilots, until it is over. */
export function noteGiven(hub: Hub, tx: HubTransaction, given: readonly Given[]): void {
  const { given: underWay } = roomsOf(hub);
  if (given.length === 0) return;
  underWay.add(tx, given);
  tx.whenOver(() => underWay.end(tx));
}

/** Notes that jobs become ready for which a site has no room yet. */
export function noteMissed(hub: Hub, siteId: string): void {
  const { given, missedAt } = roomsOf(hub);
  missedAt.set(siteId, given.now());
}

/** Whether a job may have become ready at a site, and found no room, since it was looked. */
export function hasMissed(hub: Hub, { siteId, lookedAt }: RoomSeen): boolean {
  return (roomsOf(hub).missedAt.get(siteId) ?? -1) >= lookedAt;
}
