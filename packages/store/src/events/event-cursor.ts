import { DomainError } from '@interpulse/domain/error.ts';

/** A place in the history: the transaction's number (xid8) and the event's id. */
export interface EventPosition {
  xid: string;
  id: string;
}

/** The cursor before the first event. */
export const firstEventCursor = '0-0';

/** Writes a position as the text that clients hold, such as `7421-19`. */
export function formatEventCursor({ xid, id }: EventPosition): string {
  return `${xid}-${id}`;
}

/** Reads a cursor; throws `invalid` for one that we did not write. */
export function parseEventCursor(cursor: string): EventPosition {
  const found = /^(\d{1,19})-(\d{1,18})$/.exec(cursor);
  if (found !== null) return { xid: found[1] ?? '', id: found[2] ?? '' };
  const message = `"${cursor.slice(0, 60)}" is no cursor of events. Start without one.`;
  throw new DomainError('invalid', message, {
    faults: [{ loc: ['cursor'], msg: 'not a cursor of events', type: 'cursor' }],
  });
}
