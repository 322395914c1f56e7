import { crc32 } from 'node:zlib';
import { DomainError } from '@interpulse/domain/error.ts';
import { moverLimits } from '../mover-limits.ts';

/** Version of the protocol below; ends of different versions refuse each other. */
export const channelProtocol = 1;

/**
 * Frames of the channel, in the order in which a transfer sees them (S sender, R receiver, L
 * listener, C connector). Payloads are JSON but for `have` (u64 digests) and `data` (content).
 *
 *     L challenge  C answer  L welcome or refused
 *     S offer, notes, listed   R have, verdict   S data, end or abort   R again, results
 *     S goodbye    either: failure, ping
 */
export const frameTypes = {
  challenge: 1,
  answer: 2,
  welcome: 3,
  refused: 4,
  offer: 5,
  notes: 6,
  listed: 7,
  have: 8,
  verdict: 9,
  data: 10,
  end: 11,
  abort: 12,
  again: 13,
  results: 14,
  goodbye: 15,
  failure: 16,
  ping: 17,
} as const;

/** One of {@link frameTypes}. */
export type FrameType = keyof typeof frameTypes;

const typeNames = new Map<number, FrameType>(
  (Object.keys(frameTypes) as FrameType[]).map((name) => [frameTypes[name], name]),
);

/** The fixed part of a frame. */
export interface FrameHeader {
  type: FrameType;
  /** Number of the file within the transfer; 0 where it does not matter. */
  file: number;
  /** Number of the chunk within the file, or a count of chunks in `end`. */
  chunk: number;
  /** xxh3 of the payload; in `end`, which has none, of the whole file. */
  digest: bigint;
  payloadBytes: number;
}

/** A header and its payload; the payload of `data` belongs to the link's pool. */
export interface Frame extends FrameHeader {
  payload: Buffer<ArrayBuffer>;
}

/** Bytes of a header: type, length, file, chunk, digest, then crc32 of these, little-endian. */
export const headerBytes = 28;

/** Writes a header. */
export function encodeHeader(header: FrameHeader): Buffer<ArrayBuffer> {
  const bytes = Buffer.allocUnsafe(headerBytes);
  bytes.writeUInt32LE(frameTypes[header.type], 0);
  bytes.writeUInt32LE(header.payloadBytes, 4);
  bytes.writeUInt32LE(header.file, 8);
  bytes.writeUInt32LE(header.chunk, 12);
  bytes.writeBigUInt64LE(header.digest, 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 24)), 24);
  return bytes;
}

/** Reads a header; throws `unavailable` for one that was damaged or is not of this protocol. */
export function decodeHeader(bytes: Buffer, limitBytes: number): FrameHeader {
  const type = typeNames.get(bytes.readUInt32LE(0));
  const payloadBytes = bytes.readUInt32LE(4);
  const limit = type === 'data' ? Math.min(limitBytes, moverLimits.chunkBytes) : limitBytes;
  if (crc32(bytes.subarray(0, 24)) !== bytes.readUInt32LE(24)) {
    throw new DomainError('unavailable', 'reading the channel: a frame arrived damaged; try again');
  }
  if (type === undefined || payloadBytes > limit) {
    throw new DomainError('unavailable', 'reading the channel: this is not our protocol');
  }
  return {
    type,
    payloadBytes,
    file: bytes.readUInt32LE(8),
    chunk: bytes.readUInt32LE(12),
    digest: bytes.readBigUInt64LE(16),
  };
}
