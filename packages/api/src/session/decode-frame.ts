import { type ErrorKind, errorKinds } from '@interpulse/domain/error.ts';
import { SessionFault, sessionCloseCodeName } from './session-fault.ts';
import type {
  Acknowledgement,
  Claim,
  Frame,
  Refusal,
  SessionWindow,
  WireItem,
} from './session-frame.ts';
import { reasonCharacters, wordCharacters } from './session-limits.ts';

type Fields = Record<string, unknown>;

/**
 * Reads a frame. Written by hand, without a schema library: it is on the path of every message,
 * and a pilot must start fast. Unknown header fields are ignored, so that a version can grow.
 *
 * @throws SessionFault `badFrame` saying which field is wrong.
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 4) throw bad('a frame begins with four bytes of header length');
  const end = 4 + buffer.readUInt32BE(0);
  if (end > buffer.length) throw bad('the header is longer than the frame');
  const header = fields(parseJson(buffer.subarray(4, end), 'the header'), 'the header');
  const payload = buffer.subarray(end);
  if (header.type !== 'data' && payload.length > 0) throw bad('only data frames carry bytes');
  return fromHeader(header, payload);
}

/**
 * Parses UTF-8 JSON that came from a peer.
 *
 * @throws SessionFault `badFrame` naming `what`.
 */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    const { buffer, byteOffset, byteLength } = bytes;
    return JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'));
  } catch {
    throw bad(`${what} is not JSON`);
  }
}

function fromHeader(header: Fields, payload: Buffer): Frame {
  switch (header.type) {
    case 'hello':
      return {
        type: 'hello',
        versions: list(header.versions, 'versions').map((entry) => count(entry, 'versions')),
        identity: word(header.identity, 'identity'),
        credential: header.credential === null ? null : word(header.credential, 'credential'),
        claim: claim(header.claim),
        sessionId: header.sessionId === null ? null : word(header.sessionId, 'sessionId'),
        received: count(header.received, 'received'),
        ack: acknowledgement(header.ack),
        window: sessionWindow(header.window),
        heartbeatMs: count(header.heartbeatMs, 'heartbeatMs'),
        ...sentAt(header),
      };
    case 'welcome':
    case 'reset':
      return {
        type: header.type,
        version: count(header.version, 'version'),
        sessionId: word(header.sessionId, 'sessionId'),
        received: count(header.received, 'received'),
        ack: acknowledgement(header.ack),
        window: sessionWindow(header.window),
        heartbeatMs: count(header.heartbeatMs, 'heartbeatMs'),
      };
    case 'data':
      return {
        type: 'data',
        first: count(header.first, 'first'),
        ack: header.ack === undefined ? null : acknowledgement(header.ack),
        items: splitItems(list(header.items, 'items'), payload),
      };
    case 'beat':
      return { type: 'beat', ...sentAt(header) };
    case 'bye':
      return {
        type: 'bye',
        // A code of a later version still ends the connection.
        code: sessionCloseCodeName(count(header.code, 'code')) ?? 'goingAway',
        reason: word(header.reason, 'reason').slice(0, reasonCharacters),
        rival: header.rival === null ? null : claim(header.rival),
      };
    default:
      throw bad('the frame has an unknown type');
  }
}

function splitItems(headers: unknown[], payload: Buffer): WireItem[] {
  let offset = 0;
  const take = (length: number): Uint8Array => {
    offset += length;
    if (offset > payload.length) throw bad('the messages are longer than the frame');
    return payload.subarray(offset - length, offset);
  };
  const items = headers.map((entry): WireItem => {
    const header = fields(entry, 'items');
    return {
      json: take(count(header.json, 'items.json')),
      attachment: header.bytes === undefined ? null : take(count(header.bytes, 'items.bytes')),
      requestId: header.ask === undefined ? null : word(header.ask, 'items.ask'),
      answerTo: header.answers === undefined ? null : word(header.answers, 'items.answers'),
    };
  });
  if (offset !== payload.length) throw bad('there are bytes after the last message');
  return items;
}

/** Older programs do not say it. */
function sentAt(header: Fields): { sentAt?: string } {
  return header.sentAt === undefined ? {} : { sentAt: word(header.sentAt, 'sentAt') };
}

function acknowledgement(value: unknown): Acknowledgement {
  const ack = fields(value, 'ack');
  const refusals = ack.refusals === undefined ? [] : list(ack.refusals, 'ack.refusals');
  return { through: count(ack.through, 'ack.through'), refusals: refusals.map(refusal) };
}

function refusal(value: unknown): Refusal {
  const [seq, kind, message] = list(value, 'ack.refusals');
  if (!errorKinds.includes(kind as ErrorKind)) throw bad('a refusal has an unknown kind');
  return {
    seq: count(seq, 'ack.refusals'),
    kind: kind as ErrorKind,
    message: word(message, 'ack.refusals'),
  };
}

function claim(value: unknown): Claim {
  const { nonce, startedAt } = fields(value, 'claim');
  const read = { nonce: word(nonce, 'claim.nonce'), startedAt: word(startedAt, 'claim.startedAt') };
  if (Number.isNaN(Date.parse(read.startedAt))) throw bad('claim.startedAt is not an instant');
  return read;
}

function sessionWindow(value: unknown): SessionWindow {
  const { messages, bytes } = fields(value, 'window');
  return { messages: count(messages, 'window.messages'), bytes: count(bytes, 'window.bytes') };
}

function fields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad(`${what} is not an object`);
  }
  return value as Fields;
}

function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw bad(`${what} is not a list`);
  return value;
}

function count(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw bad(`${what} is not a whole number of 0 or more`);
  }
  return value;
}

function word(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.length > wordCharacters) {
    throw bad(`${what} is not a text of at most ${wordCharacters} characters`);
  }
  return value;
}

function bad(message: string): SessionFault {
  return new SessionFault('badFrame', `Reading a session frame: ${message}.`);
}
