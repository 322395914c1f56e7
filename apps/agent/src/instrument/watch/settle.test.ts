import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decideSettle, silenceMs, type Evidence, type Sighting } from './settle.ts';

const evidence: Evidence = { hasSentinel: false, isEmpty: false, files: 1, writer: 'unread' };
const sightings = fc.record({
  seenAtMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  ageAtSightMs: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
});
const later = fc.double({ min: 0, max: 1e7, noNaN: true });
const quiet = fc.record({ quietSeconds: fc.double({ min: 0.001, max: 3600, noNaN: true }) });

describe('when something is whole', () => {
  it('is never before the silence that the rule asks for', () => {
    fc.assert(
      fc.property(quiet, sightings, later, (rule, sighting, afterMs) => {
        const nowMs = sighting.seenAtMs + afterMs;
        const settled = decideSettle(rule, sighting, evidence, nowMs);
        const isSilent = silenceMs(sighting, nowMs) >= rule.quietSeconds * 1000;
        assert.equal(settled.kind, isSilent ? 'whole' : 'wait');
      }),
    );
  });

  it('is at the end of the wait that was told, without another one', () => {
    fc.assert(
      fc.property(quiet, sightings, later, (rule, sighting, afterMs) => {
        const nowMs = sighting.seenAtMs + afterMs;
        const settled = decideSettle(rule, sighting, evidence, nowMs);
        if (settled.kind !== 'wait') return;
        assert.ok(settled.forMs > 0 && settled.forMs <= rule.quietSeconds * 1000 + 1);
        // A double's last digit may be lost when large clocks are added.
        const then = decideSettle(rule, sighting, evidence, nowMs + settled.forMs + 0.001);
        assert.equal(then.kind, 'whole');
      }),
    );
  });

  it('does not come sooner for a write that lies ahead, nor for a clock that went back', () => {
    fc.assert(
      fc.property(sightings, later, (sighting: Sighting, afterMs) => {
        const silent = silenceMs(sighting, sighting.seenAtMs + afterMs);
        assert.ok(silent >= afterMs - 0.001);
        if (sighting.ageAtSightMs <= 0) assert.ok(silent <= afterMs + 0.001);
        assert.equal(silenceMs({ ...sighting, ageAtSightMs: -1 }, sighting.seenAtMs - 5), 0);
      }),
    );
  });

  it('is looked for ever less often in a file that stays open, and at most for a while', () => {
    const waits = [0, 10, 32, 160, 1e6].map((seconds) => {
      const sighting = { seenAtMs: 0, ageAtSightMs: 0 };
      const rule = { hdf5: 'closed', quietSeconds: 2 } as const;
      const settled = decideSettle(rule, sighting, { ...evidence, writer: 'open' }, seconds * 1000);
      return settled.kind === 'wait' ? settled.forMs : settled.kind;
    });
    assert.deepEqual(waits, [2_000, 2_000, 2_000, 10_000, 15_000]);
  });

  it('is at once for a rename, a sentinel, and a file that says that it was closed', () => {
    const now: Sighting = { seenAtMs: 5, ageAtSightMs: 0 };
    const kind = (rule: Parameters<typeof decideSettle>[0], more: Partial<Evidence> = {}) =>
      decideSettle(rule, now, { ...evidence, ...more }, 5).kind;
    assert.equal(kind('rename'), 'whole');
    assert.equal(kind({ sentinel: '.done' }), 'notYet');
    assert.equal(kind({ sentinel: '.done' }, { hasSentinel: true }), 'whole');
    assert.equal(kind({ sentinel: '.done' }, { hasSentinel: true, isEmpty: true }), 'wait');
    const hdf5 = { hdf5: 'closed', quietSeconds: 1 } as const;
    assert.equal(kind(hdf5, { writer: 'open' }), 'wait');
    assert.equal(kind(hdf5, { writer: 'closed' }), 'whole');
    assert.equal(kind(hdf5, { writer: 'silent' }), 'wait');
    assert.equal(kind({ files: 3, quietSeconds: 0 }, { files: 2 }), 'notYet');
    assert.equal(kind({ files: 3, quietSeconds: 0 }, { files: 3 }), 'whole');
    assert.equal(kind({ files: 3, quietSeconds: 1 }, { files: 4 }), 'wait');
  });
});
