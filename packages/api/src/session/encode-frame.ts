import { sessionCloseCodes } from './session-fault.ts';
import type { Acknowledgement, Frame, WireItem } from './session-frame.ts';

/** The bytes of a frame: header length (uint32, big-endian), JSON header, message bytes. */
export function encodeFrame(frame: Frame): Uint8Array {
  const header = Buffer.from(JSON.stringify(toHeader(frame)), 'utf8');
  const items = frame.type === 'data' ? frame.items : [];
  let length = 4 + header.length;
  for (const item of items) length += item.json.length + (item.attachment?.length ?? 0);
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeUInt32BE(header.length, 0);
  bytes.set(header, 4);
  let offset = 4 + header.length;
  for (const item of items) {
    bytes.set(item.json, offset);
    offset += item.json.length;
    if (item.attachment === null) continue;
    bytes.set(item.attachment, offset);
    offset += item.attachment.length;
  }
  return bytes;
}

function toHeader(frame: Frame): unknown {
  switch (frame.type) {
    case 'data':
      return {
        type: 'data',
        first: frame.first,
        ...(frame.ack === null ? {} : { ack: ackHeader(frame.ack) }),
        items: frame.items.map(itemHeader),
      };
    case 'bye': {
      const { type, reason, rival } = frame;
      return { type, code: sessionCloseCodes[frame.code], reason, rival };
    }
    case 'hello':
    case 'welcome':
    case 'reset':
      return { ...frame, ack: ackHeader(frame.ack) };
    case 'beat':
      return frame;
  }
}

function ackHeader(ack: Acknowledgement): unknown {
  const refusals = ack.refusals.map((refusal) => [refusal.seq, refusal.kind, refusal.message]);
  return refusals.length === 0 ? { through: ack.through } : { through: ack.through, refusals };
}

function itemHeader(item: WireItem): unknown {
  return {
    json: item.json.length,
    ...(item.attachment === null ? {} : { bytes: item.attachment.length }),
    ...(item.requestId === null ? {} : { ask: item.requestId }),
    ...(item.answerTo === null ? {} : { answers: item.answerTo }),
  };
}
