import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '@interpulse/domain/error.ts';
import { moverLimits } from '../mover-limits.ts';
import { encodeHeader } from './frame.ts';
import type { Frame } from './frame.ts';
import { FrameReader } from './frame-reader.ts';

/** Frames as bytes: small ones, and whole chunks, more of them than there are buffers. */
function wire(payloads: Buffer[]): Buffer {
  return Buffer.concat(
    payloads.flatMap((payload, chunk) => {
      const payloadBytes = payload.length;
      return [encodeHeader({ type: 'data', file: 7, chunk, digest: 1n, payloadBytes }), payload];
    }),
  );
}

const payloads = fc.array(
  fc
    .tuple(fc.constantFrom(0, 1, 100, 65_536, 65_537, moverLimits.chunkBytes), fc.nat(255))
    .map(([length, fill]) => Buffer.alloc(length, fill)),
  { maxLength: 12 },
);

test('frames come out as they went in, however the bytes are cut', () => {
  fc.assert(
    fc.property(
      payloads,
      fc.array(fc.nat(300_000), { minLength: 1 }),
      fc.boolean(),
      (sent, cuts, direct) => {
        const got: Buffer[] = [];
        const unused: Frame[] = [];
        const reader = new FrameReader(
          (frame) => {
            got.push(Buffer.from(frame.payload));
            unused.push(frame);
          },
          () => undefined,
        );
        reader.payloadLimitBytes = moverLimits.controlBytes;
        const bytes = wire(sent);
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const most = 1 + (cuts[turn % cuts.length] ?? 0);
          if (direct) {
            const target = reader.target();
            const count = bytes.copy(target, 0, at, at + Math.min(most, target.length));
            at += count;
            reader.filled(count);
          } else {
            reader.feed(bytes.subarray(at, at + most));
            at += most;
          }
          // Every third turn the disk is slow; the reader must keep what comes meanwhile.
          if (turn % 3 !== 0) for (const frame of unused.splice(0)) reader.release(frame.payload);
        }
        while (unused.length > 0) for (const f of unused.splice(0)) reader.release(f.payload);
        assert.equal(got.length, sent.length);
        assert.ok(got.every((payload, at) => payload.equals(sent[at] ?? Buffer.alloc(1))));
      },
    ),
    { numRuns: 60 },
  );
});

test('a damaged header and an oversized frame are refused', () => {
  const header = { type: 'offer', file: 0, chunk: 0, digest: 0n, payloadBytes: 5000 } as const;
  const damaged = encodeHeader({ ...header, payloadBytes: 10 });
  damaged[9] = (damaged[9] ?? 0) ^ 4;
  for (const bytes of [
    damaged,
    encodeHeader(header),
    Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n...'),
  ]) {
    const reader = new FrameReader(
      () => undefined,
      () => undefined,
    );
    assert.throws(() => reader.feed(bytes), DomainError);
  }
});
