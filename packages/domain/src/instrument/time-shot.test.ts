import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fromMilliseconds } from '../time.ts';
import { timingPieces, type TimingPiece } from './shot-timing.ts';
import { sumUpTiming } from './sum-up-timing.ts';
import { timeShot, type ShotFacts, type TimedWork } from './time-shot.ts';

const at = (second: number) => fromMilliseconds(1_800_000_000_000 + second * 1000);

/** A shot whose file is whole at 4; the flow run goes from 6 to 40, the answer came at 30. */
const facts: ShotFacts = {
  number: 7,
  takenAt: at(0),
  closedAt: at(4),
  noticedAt: at(5),
  deadlineAt: at(60),
  answeredAt: at(30),
  flowRunId: null,
  flowStatus: 'SUCCEEDED',
  flowStartedAt: at(6),
  flowEndedAt: at(40),
  work: [],
};

describe('where the time of a shot went', () => {
  test('piece by piece: what runs counts before what waits, and what travels between', () => {
    const work: TimedWork[] = [
      { piece: 'transferring', from: at(6), to: at(12) },
      { piece: 'waiting', from: at(13), to: at(28) },
      { piece: 'transferring', from: at(14), to: at(16) },
      { piece: 'running', from: at(18), to: at(28) },
      { piece: 'publishing', from: at(29), to: at(30) },
      { piece: 'returning', from: at(30), to: null },
    ];
    const timed = timeShot({ ...facts, work });
    assert.deepEqual(timed.pieces, {
      recording: 4,
      noticing: 1,
      starting: 1,
      transferring: 8,
      waiting: 3,
      running: 10,
      publishing: 1,
      returning: 10,
      acting: 0,
      pausing: 0,
      overhead: 2,
    });
    const { outcome, budgetSeconds, answerSeconds, lateSeconds, wholeSeconds } = timed;
    assert.deepEqual(
      [outcome, budgetSeconds, answerSeconds, lateSeconds, wholeSeconds],
      ['hit', 60, 30, -30, 40],
    );
  });

  test('pieces make up the whole, whatever overlaps and however clocks differ', () => {
    const second = fc.integer({ min: -20, max: 80 });
    const work = fc.record({
      piece: fc.constantFrom<TimingPiece>(
        'transferring',
        'waiting',
        'running',
        'publishing',
        'returning',
        'acting',
        'pausing',
      ),
      from: second.map(at),
      to: fc.option(second.map(at)),
    });
    const maybe = fc.option(second.map(at));
    fc.assert(
      fc.property(
        fc.record({ closedAt: maybe, noticedAt: maybe, answeredAt: maybe }),
        fc.tuple(second, fc.nat(60)),
        fc.array(work, { maxLength: 12 }),
        (told, [start, length], list) => {
          const flow = { flowStartedAt: at(start), flowEndedAt: at(start + length) };
          const { pieces, wholeSeconds } = timeShot({ ...facts, ...told, ...flow, work: list });
          assert.ok(pieces !== null && wholeSeconds !== null);
          assert.ok(Object.values(pieces).every((seconds) => seconds >= 0));
          assert.equal(wholeSeconds, start + length - Math.min(0, start));
          // Second by second: what counts is under way then, and nothing that counts before it is.
          const inFlow = { ...pieces, recording: 0, noticing: 0, starting: 0 };
          const counted = secondBySecond(list, start, start + length);
          assert.deepEqual(inFlow, { ...inFlow, ...counted });
        },
      ),
    );
  });

  test('a shot without an end has no pieces, one without a deadline is not late or early', () => {
    const open = timeShot({ ...facts, flowStatus: 'ACTIVE', flowEndedAt: null, answeredAt: null });
    assert.deepEqual([open.outcome, open.pieces, open.wholeSeconds], ['pending', null, null]);
    const free = timeShot({ ...facts, deadlineAt: null });
    assert.deepEqual([free.outcome, free.lateSeconds], ['hit', null]);
    assert.equal(timeShot({ ...facts, deadlineAt: at(29) }).outcome, 'late');
    assert.equal(timeShot({ ...facts, answeredAt: null, flowStatus: 'FAILED' }).outcome, 'failed');
    assert.equal(timeShot({ ...facts, answeredAt: null, flowStatus: null }).outcome, 'none');
  });
});

/** The plain way: who goes first in each second. */
function secondBySecond(
  work: TimedWork[],
  from: number,
  to: number,
): Partial<Record<string, number>> {
  const order = ['running', 'returning', 'transferring', 'publishing', 'waiting', 'acting'];
  const sums: Record<string, number> = {};
  for (const piece of timingPieces.slice(3)) sums[piece] = 0;
  for (let second = from; second < to; second += 1) {
    const open = work.filter((each) => each.from <= at(second) && (each.to ?? at(to)) > at(second));
    const first = [...order, 'pausing'].find((piece) => open.some((each) => each.piece === piece));
    sums[first ?? 'overhead'] = (sums[first ?? 'overhead'] ?? 0) + 1;
  }
  return sums;
}

test('typical pieces: medians, nine of ten, shares that make up one', () => {
  const running = (number: number, seconds: number, fields: Partial<ShotFacts> = {}) =>
    timeShot({
      ...facts,
      number,
      flowEndedAt: at(6 + seconds),
      answeredAt: at(6 + seconds),
      work: [{ piece: 'running', from: at(6), to: at(6 + seconds) }],
      ...fields,
    });
  const shots = [
    running(9, 20),
    running(8, 900),
    running(7, 10),
    running(6, 30, { answeredAt: null, flowStatus: 'FAILED' }),
  ];
  const timing = sumUpTiming('xpcs', 90, shots);
  assert.equal(timing.budgetSeconds, 60);
  assert.deepEqual(timing.counts, { hit: 2, late: 1, failed: 1, pending: 0, none: 0 });
  assert.equal(timing.medianLateSeconds, 846);
  const spent = timing.typical.find(({ piece }) => piece === 'running');
  assert.equal(spent?.medianSeconds, 20, 'the failed one teaches nothing');
  assert.equal(spent?.p90Seconds, 724);
  const shares = timing.typical.reduce((sum, { share }) => sum + share, 0);
  assert.ok(Math.abs(shares - 1) < 1e-9);
  const none = sumUpTiming('xpcs', 90, []);
  assert.deepEqual([none.budgetSeconds, none.typical, none.medianLateSeconds], [90, [], null]);
});
