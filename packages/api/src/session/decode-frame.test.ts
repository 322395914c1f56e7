import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeFrame } from './decode-frame.ts';
import { encodeFrame } from './encode-frame.ts';
import { SessionFault } from './session-fault.ts';
import type { Frame } from './session-frame.ts';

const bytes = fc.uint8Array({ maxLength: 50 });
const word = fc.string({ maxLength: 20 });
const claim = fc.record({ nonce: word, startedAt: fc.constant('2026-02-03T04:05:06.789Z') });
const ack = fc.record({
  through: fc.nat(),
  refusals: fc.array(
    fc.record({ seq: fc.nat(), kind: fc.constantFrom('invalid', 'conflict'), message: word }),
    { maxLength: 3 },
  ),
});
const sessionWindow = fc.record({ messages: fc.nat(), bytes: fc.nat() });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { nil: null });
const frame = fc.oneof(
  fc.record({
    type: fc.constant('hello'),
    versions: fc.array(fc.nat(), { maxLength: 3 }),
    identity: word,
    credential: maybe(word),
    claim,
    sessionId: maybe(word),
    received: fc.nat(),
    ack,
    window: sessionWindow,
    heartbeatMs: fc.nat(),
  }),
  fc.record({
    type: fc.constantFrom('welcome', 'reset'),
    version: fc.nat(),
    sessionId: word,
    received: fc.nat(),
    ack,
    window: sessionWindow,
    heartbeatMs: fc.nat(),
  }),
  fc.record({
    type: fc.constant('data'),
    first: fc.nat(),
    ack: maybe(ack),
    items: fc.array(
      fc.record({
        json: bytes,
        attachment: maybe(bytes),
        requestId: maybe(word),
        answerTo: maybe(word),
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record({ type: fc.constant('beat') }),
  fc.record({
    type: fc.constant('bye'),
    code: fc.constantFrom('closed', 'replaced', 'credit'),
    reason: word,
    rival: maybe(claim),
  }),
) as fc.Arbitrary<Frame>;

function comparable(value: Frame): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, entry: unknown) =>
      entry instanceof Uint8Array ? Buffer.from(entry).toString('hex') : entry,
    ).replaceAll(/\{"type":"Buffer","data":\[([\d,]*)\]\}/gu, (_all, list: string) =>
      JSON.stringify(Buffer.from(list === '' ? [] : list.split(',').map(Number)).toString('hex')),
    ),
  );
}

function faultOf(input: Uint8Array): string | null {
  try {
    decodeFrame(input);
    return null;
  } catch (error) {
    assert.ok(error instanceof SessionFault, `not a SessionFault: ${String(error)}`);
    return error.code;
  }
}

describe('decodeFrame', () => {
  it('reads back every frame that encodeFrame writes', () => {
    fc.assert(
      fc.property(frame, (value) => {
        assert.deepEqual(comparable(decodeFrame(encodeFrame(value))), comparable(value));
      }),
    );
  });

  it('answers any bytes with a frame or a badFrame fault, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (value) => {
        assert.ok([null, 'badFrame'].includes(faultOf(value)));
      }),
    );
  });

  it('survives any damage to a good frame', () => {
    fc.assert(
      fc.property(frame, fc.nat(), fc.nat(255), fc.nat(), (value, at, byte, cut) => {
        const damaged = Buffer.from(encodeFrame(value));
        damaged[at % damaged.length] = byte;
        const fault = faultOf(damaged.subarray(0, cut % 2 === 0 ? damaged.length : cut % 300));
        assert.ok([null, 'badFrame'].includes(fault));
      }),
    );
  });

  it('says which field is wrong', () => {
    const header = Buffer.from('{"type":"data","first":-1,"items":[]}');
    const prefix = Buffer.from([0, 0, 0, header.length]);
    assert.throws(() => decodeFrame(Buffer.concat([prefix, header])), /first is not a whole/u);
  });
});
