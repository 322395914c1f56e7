import { DomainError } from '@interpulse/domain/error.ts';
import { type Lane, type Parcel, sizeOfItem } from './outbox.ts';

/** What a parcel is made of, besides the message. */
export interface ParcelParts {
  attachment: Uint8Array | null | undefined;
  lane: Lane;
  requestId: string | null;
  answerTo: string | null;
}

/**
 * Turns a message into the bytes that travel. They are made once: resending costs nothing, and
 * the caller may change its object afterwards.
 *
 * @throws DomainError `invalid` for what JSON cannot say, `exhausted` above `messageBytes`.
 */
export function makeParcel(message: unknown, parts: ParcelParts, messageBytes: number): Parcel {
  const parcel = { ...parts, json: toJson(message), attachment: parts.attachment ?? null };
  const size = sizeOfItem(parcel);
  if (size <= messageBytes) return parcel;
  throw new DomainError(
    'exhausted',
    `Sending a session message of ${size} bytes: at most ${messageBytes} are possible. ` +
      'Send less, or move the bytes as a transfer.',
  );
}

function toJson(message: unknown): Uint8Array {
  let text: string | undefined;
  try {
    text = JSON.stringify(message);
  } catch (cause) {
    throw new DomainError('invalid', 'Sending a session message: it is not JSON.', { cause });
  }
  if (text !== undefined) return Buffer.from(text, 'utf8');
  throw new DomainError('invalid', 'Sending a session message: undefined is not a message.');
}
