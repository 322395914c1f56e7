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
  /** The same for who leases. */
  leasingAt: number;
}

/** A job that a transaction has given to a pilot. */
export interface Given {
  pilotId: string;
  job: GivenJob;
}

interface Rooms {
  given: UnderWay<Given>;
  /** Sites at which it is leased what is ready: it may have found no room. */
  leasing: UnderWay<string>;
}

const rooms = new WeakMap<Hub, Rooms>();

/** What transactions of this hub, which alone leases at the sites whose sessions it has, give. */
function roomsOf(hub: Hub): Rooms {
  const known = rooms.get(hub) ?? { given: new UnderWay<Given>(), leasing: new UnderWay<string>() };
  rooms.set(hub, known);
  return known;
}

/** The times at which a look begins: see {@link RoomSeen}. */
export function roomTimes(hub: Hub): Pick<RoomSeen, 'lookedAt' | 'leasingAt'> {
  const { given, leasing } = roomsOf(hub);
  return { lookedAt: given.now(), leasingAt: leasing.now() };
}

/** Looks which pilots of a site have room for new jobs. */
export async function lookForRoom(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  at: string,
): Promise<RoomSeen> {
  const times = roomTimes(hub);
  return { siteId, ...times, room: await roomForNew(tx, siteId, at) };
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

/** Notes that a transaction leases at a site: before it looks there, until it is over. */
export function noteLeasing(hub: Hub, tx: HubTransaction, siteId: string): void {
  const { leasing } = roomsOf(hub);
  leasing.add(tx, [siteId]);
  tx.whenOver(() => leasing.end(tx));
}

/**
 * Whether somebody has leased at a site since it was looked, who did not see the room that this
 * transaction makes. To be asked after its commit: who leases later sees it.
 */
export function hasMissed(hub: Hub, tx: HubTransaction, { siteId, leasingAt }: RoomSeen): boolean {
  return roomsOf(hub).leasing.since(leasingAt, tx).includes(siteId);
}
