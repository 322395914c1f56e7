import type { Notice } from '@interpulse/domain/notice/notice.ts';
import { noticeLimits } from '@interpulse/domain/notice/notice-limits.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { roomSql } from './write-notices.ts';

/** A message that a hub has taken up. */
export interface ClaimedMessage {
  place: string;
  /** The same each time that it is sent. */
  messageId: string;
  /** Times in a row that the place took nothing. */
  faults: number;
  failingSince: string | null;
  /** The oldest first. */
  notices: Notice[];
}

const claim = statement<{ place: string }, [string, number, string, string]>(
  'claim_notice_places',
  `with picked as (
     select place from notice_places where due_at <= $1::timestamptz
       and (leased_until is null or leased_until <= $1::timestamptz)
     order by due_at limit $2 for update skip locked)
   update notice_places p set lease = $3, leased_until = $4::timestamptz
   from picked where p.place = picked.place returning p.place`,
);

const fill = statement<Omit<ClaimedMessage, 'notices'>, [string, string]>(
  'fill_notice_message',
  `with message as (
      update notice_places set message_id = coalesce(message_id, $2) where place = $1
      returning place, message_id, faults, failing_since),
    -- One that was begun keeps what it has; a new one takes all that waits.
    filled as (
      update notices n set message_id = m.message_id from message m
      where n.place = m.place and n.sent_at is null and n.message_id is null
        and m.message_id = $2)
   select place, message_id as "messageId", faults, failing_since as "failingSince" from message`,
);

const read = statement<{ notice: Notice }, [string, string]>(
  'notices_of_message',
  `select notice from notices where place = $1 and message_id = $2 and sent_at is null
   order by sequence`,
);

/** What a hub asks for; `newId` names messages that were not begun yet. */
export interface MessageClaim {
  now: string;
  limit: number;
  lease: string;
  leasedUntil: string;
  newId: () => string;
}

/** Takes up messages that are due, one of each place, in a transaction of the caller. */
export async function claimMessages(
  tx: Executor,
  { now, limit, lease, leasedUntil, newId }: MessageClaim,
): Promise<ClaimedMessage[]> {
  const messages: ClaimedMessage[] = [];
  for (const { place } of await tx.run(claim, now, limit, lease, leasedUntil)) {
    const [head] = await tx.run(fill, place, newId());
    if (head === undefined) continue;
    const rows = await tx.run(read, place, head.messageId);
    messages.push({ ...head, notices: rows.map(({ notice }) => notice) });
  }
  return messages;
}

const sent = statement<never, [string, string, string, string, string | null]>(
  'notices_sent',
  `with now as (select $4::timestamptz as at),
    place as (
      update notice_places p set message_id = null, lease = null, leased_until = null, faults = 0,
        failing_since = null, last_error = $5,
        sent_at = (p.sent_at || now.at)[greatest(1, cardinality(p.sent_at) + 2
          - ${noticeLimits.messages}):]
      from now where p.place = $1 and p.lease = $2 returning p.place, p.sent_at),
    told as (
      update notices n set sent_at = now.at from place, now
      where n.place = place.place and n.message_id = $3 and n.sent_at is null)
   select`,
);

const nextDue = statement<never, [string, string]>(
  'notices_next_due',
  `with now as (select $2::timestamptz as at)
   update notice_places p set due_at = case when exists (
       select from notices n where n.place = p.place and n.sent_at is null)
     then ${roomSql} end
   from now where p.place = $1 and p.lease is null`,
);

/** A message and the lease under which it was sent. */
export type MessageLease = Pick<ClaimedMessage, 'place' | 'messageId'> & { lease: string };

/**
 * A message was sent, or is given up with an error; what came meanwhile is due when there is room.
 * A late word of a hub whose lease has ended changes nothing.
 */
export async function endMessage(
  tx: Executor,
  { place, messageId, lease }: MessageLease,
  at: string,
  error: string | null,
): Promise<void> {
  await tx.run(sent, place, lease, messageId, at, error);
  await tx.run(nextDue, place, at);
}

const postpone = statement<never, [string, string, string, string, string]>(
  'postpone_notices',
  `update notice_places set lease = null, leased_until = null, faults = faults + 1,
     failing_since = coalesce(failing_since, $3::timestamptz), due_at = $4::timestamptz,
     last_error = $5
   where place = $1 and lease = $2`,
);

/** A place took nothing: the same message is due again later. */
export async function postponeMessage(
  tx: Executor,
  { place, lease }: MessageLease,
  how: { at: string; dueAt: string; error: string },
): Promise<void> {
  await tx.run(postpone, place, lease, how.at, how.dueAt, how.error);
}

const release = statement<never, [string, string]>(
  'release_notices',
  `update notice_places set lease = null, leased_until = null where place = $1 and lease = $2`,
);

/** A hub that ends gives back what it had taken up. */
export async function releaseMessage(db: Executor, { place, lease }: MessageLease): Promise<void> {
  await db.run(release, place, lease);
}

const next = statement<{ at: string | null }>(
  'next_notice_due',
  `select min(greatest(due_at, leased_until)) as at from notice_places where due_at is not null`,
);

/** When the next message is due, or a lease ends; null when there is none. */
export async function nextMessageAt(db: Executor): Promise<string | null> {
  return (await db.run(next))[0]?.at ?? null;
}

/** How telling a place goes. */
export interface PlaceStanding {
  place: string;
  lastSentAt: string | null;
  lastError: string | null;
  /** Notices that are still to be sent. */
  waiting: number;
  dueAt: string | null;
}

const standings = statement<PlaceStanding, [readonly string[]]>(
  'notice_place_standings',
  `select w.place, p.sent_at[cardinality(p.sent_at)] as "lastSentAt", p.last_error as "lastError",
     (select count(*)::integer from notices n where n.place = w.place and n.sent_at is null)
       as waiting, p.due_at as "dueAt"
   from unnest($1::text[]) with ordinality as w(place, position)
   left join notice_places p on p.place = w.place order by w.position`,
);

/** How telling these places goes. */
export async function placeStandings(
  db: Executor,
  places: readonly string[],
): Promise<PlaceStanding[]> {
  return places.length === 0 ? [] : db.run(standings, places);
}
