import { randomBytes } from 'node:crypto';
import { DomainError } from '@interpulse/domain/error.ts';
import { noticeLimits } from '@interpulse/domain/notice/notice-limits.ts';
import { isDirect, readPlace } from '@interpulse/domain/notice/notice-place.ts';
import { writeMessage } from '@interpulse/domain/notice/write-message.ts';
import { addSeconds, secondsBetween, type Instant } from '@interpulse/domain/time.ts';
import {
  claimMessages,
  endMessage,
  nextMessageAt,
  postponeMessage,
  releaseMessage,
  type ClaimedMessage,
} from '@interpulse/store/notices/send-notices.ts';
import { topics, type Hub } from '../hub.ts';
import { sendMessage } from '../messages/send-message.ts';

/** Sends what people and rooms are told; a place that is slow holds up no other. */
export interface NoticeSender {
  /** Takes up what is due, and answers when something is due again. */
  run(): Promise<Instant | boolean | null>;
  /** Gives back what is under way; resolves when nothing is any more. */
  stop(): Promise<void>;
}

/** The sender of a hub. `hubUrl` is where the portal is for people, or null. */
export function createNoticeSender(hub: Hub, hubUrl: string | null): NoticeSender {
  const stopped = new AbortController();
  const underWay = new Set<Promise<void>>();
  const { sentAtOnce, leaseSeconds } = noticeLimits;

  const takeUp = async (): Promise<boolean> => {
    const now = hub.now();
    const limit = sentAtOnce - underWay.size;
    const lease = randomBytes(12).toString('base64url');
    const leasedUntil = addSeconds(now, leaseSeconds);
    const newId = (): string => hub.newId('notice');
    const claimed = await hub.transaction((tx) =>
      claimMessages(tx, { now, limit, lease, leasedUntil, newId }),
    );
    for (const message of claimed) {
      const work = send(hub, message, { lease, hubUrl, signal: stopped.signal }).finally(() => {
        underWay.delete(work);
        hub.db.topics.emit([topics.notices]);
      });
      underWay.add(work);
    }
    return claimed.length === limit;
  };

  return {
    async run() {
      if (stopped.signal.aborted || underWay.size >= sentAtOnce) return null;
      if (await takeUp()) return underWay.size < sentAtOnce;
      return nextMessageAt(hub.db);
    },
    async stop() {
      stopped.abort();
      await Promise.all(underWay);
    },
  };
}

interface Sending {
  lease: string;
  hubUrl: string | null;
  signal: AbortSignal;
}

async function send(hub: Hub, message: ClaimedMessage, sending: Sending): Promise<void> {
  const { place, messageId } = message;
  const leased = { place, messageId, lease: sending.lease };
  try {
    const fault = await trySending(hub, message, sending);
    if (sending.signal.aborted && fault !== null) return await releaseMessage(hub.db, leased);
    const at = hub.now();
    const pause = fault?.kind === 'unavailable' ? nextTry(message, at) : null;
    if (fault !== null) hub.log.warn({ err: fault, messageId }, 'a notice was not sent');
    if (fault !== null && pause !== null) {
      return await postponeMessage(hub.db, leased, { at, dueAt: pause, error: fault.message });
    }
    return await hub.transaction((tx) => endMessage(tx, leased, at, fault?.message ?? null));
  } catch (error) {
    // The lease ends, and it is sent again under the same id.
    hub.log.error({ err: error, messageId }, 'the sending of a notice could not be written down');
  }
}

async function trySending(
  hub: Hub,
  { place: text, messageId: id, notices }: ClaimedMessage,
  { hubUrl, signal }: Sending,
): Promise<DomainError | null> {
  const place = readPlace(text);
  if (!isDirect(place) || notices.length === 0) return null;
  try {
    const message = writeMessage(place, notices, hubUrl);
    await sendMessage(message, { id, now: hub.now(), signal }, hub.messages);
    return null;
  } catch (cause) {
    if (cause instanceof DomainError) return cause;
    return new DomainError('unavailable', 'the message could not be sent', { cause });
  }
}

/** When a place is tried again; null when it took nothing for too long. */
function nextTry({ faults, failingSince }: ClaimedMessage, at: string): string | null {
  const { firstPauseSeconds, longestPauseSeconds, triedSeconds } = noticeLimits;
  if (failingSince !== null && secondsBetween(failingSince, at) > triedSeconds) return null;
  return addSeconds(at, Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** faults));
}
