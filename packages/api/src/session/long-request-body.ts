import { SessionFault } from './session-fault.ts';

/** What a long request says besides its frames. */
export interface LongRequestHeader {
  /**
   * `up` brings frames; `down` is held until there are frames to fetch; `end` closes.
   * An answer is `ok`, or `gone` when the server does not know the connection (any more).
   */
  kind: 'up' | 'down' | 'end' | 'ok' | 'gone';
  /** Chosen by the client, 128 random bits; whoever names it is this connection. */
  connection: string;
  /** Counts the requests of this kind from 1; shows a request that a proxy repeated or lost. */
  number: number;
}

const kinds = ['up', 'down', 'end', 'ok', 'gone'] as const;

/** The bytes of a long request or its answer: length and JSON header, then lengths and frames. */
export function encodeLongRequest(header: LongRequestHeader, frames: Uint8Array[]): Uint8Array {
  const parts = [Buffer.from(JSON.stringify(header), 'utf8'), ...frames];
  const prefixed = parts.flatMap((part) => {
    const prefix = Buffer.allocUnsafe(4);
    prefix.writeUInt32BE(part.length, 0);
    return [prefix, part];
  });
  return Buffer.concat(prefixed);
}

/**
 * Reads what {@link encodeLongRequest} wrote.
 *
 * @throws SessionFault `badFrame`.
 */
export function decodeLongRequest(bytes: Uint8Array): {
  header: LongRequestHeader;
  frames: Uint8Array[];
} {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Buffer[] = [];
  let offset = 0;
  while (offset < buffer.length) {
    if (offset + 4 > buffer.length) throw bad('it ends inside a length');
    const end = offset + 4 + buffer.readUInt32BE(offset);
    if (end > buffer.length) throw bad('it ends inside a frame');
    parts.push(buffer.subarray(offset + 4, end));
    offset = end;
  }
  const [head, ...frames] = parts;
  if (head === undefined) throw bad('it is empty');
  return { header: readHeader(head), frames };
}

function readHeader(bytes: Buffer): LongRequestHeader {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw bad('its header is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw bad('its header is not an object');
  const { kind, connection, number } = value as Record<string, unknown>;
  const known = kinds.find((entry) => entry === kind);
  if (known === undefined) throw bad('its kind is unknown');
  if (typeof connection !== 'string' || connection.length < 16 || connection.length > 100) {
    throw bad('its connection is not a text of 16 to 100 characters');
  }
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
    throw bad('its number is not a whole number');
  }
  return { kind: known, connection, number };
}

function bad(message: string): SessionFault {
  return new SessionFault('badFrame', `Reading a long request: ${message}.`);
}
