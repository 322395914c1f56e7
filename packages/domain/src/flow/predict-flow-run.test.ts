import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addSeconds } from '../time.ts';
import type { JsonObject } from '../json.ts';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import { expectedSteps } from './expected-steps.ts';
import { newFlowProgress, type FlowProgress } from './flow-progress.ts';
import { predictFlowRun } from './predict-flow-run.ts';

const now = '2026-03-10T12:00:00.000Z';
const action = (more: JsonObject) => ({
  Type: 'Action',
  ActionUrl: 'interpulse:compute',
  Parameters: {},
  ResultPath: '$.x',
  ...more,
});
const parsed = parseDefinition({
  StartAt: 'Fit',
  States: {
    Fit: action({ Next: 'Good?' }),
    'Good?': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.again', IsPresent: true, Next: 'Fit' },
        { Variable: '$._context.deadline.will_be_late', BooleanEquals: true, Next: 'Give up' },
      ],
      Default: 'Plot',
    },
    'Give up': { Type: 'Fail', Error: 'Late', Cause: 'no time' },
    Plot: action({ End: true }),
  },
});
assert.ok('definition' in parsed);
const { definition } = parsed;
const times = {
  Fit: { seconds: 10, slowSeconds: 40, visits: 3 },
  'Good?': { seconds: 0, visits: 3 },
  Plot: { seconds: 5, visits: 1 },
};

test('says when each step and the run will end, and by how much it will be late', () => {
  const place = { state: 'Fit', enteredAt: addSeconds(now, -4), visits: { Fit: 3, 'Good?': 2 } };
  const run = { place, deadlineAt: addSeconds(now, 9) };
  assert.deepEqual(predictFlowRun(definition, times, run, now), {
    finishAt: addSeconds(now, 11),
    secondsLeft: 9,
    secondsToSpare: -2,
    willBeLate: true,
    steps: [
      { state: 'Fit', startAt: place.enteredAt, endAt: addSeconds(now, 6), isCurrent: true },
      { state: 'Good?', startAt: addSeconds(now, 6), endAt: addSeconds(now, 6), isCurrent: false },
      { state: 'Plot', startAt: addSeconds(now, 6), endAt: addSeconds(now, 11), isCurrent: false },
    ],
  });
  assert.equal(predictFlowRun(definition, {}, run, now), null, 'nothing is known');
  assert.equal(predictFlowRun(definition, times, { ...run, place: null }, now), null, 'it is over');
});

test('rounds of a loop that were made are not waited for again', () => {
  const end = (fits: number) => {
    const place = { state: 'Fit', enteredAt: now, visits: { Fit: fits } };
    return expectedSteps(definition, times, place, now).at(-1)?.endSeconds;
  };
  assert.deepEqual([end(1), end(2), end(3), end(9)], [35, 25, 15, 15]);
});

test('one that takes longer than usual may yet take long, and never gets time back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), (spent) => {
      const endAfter = (seconds: number) => {
        const enteredAt = addSeconds(now, -seconds);
        const way = expectedSteps(definition, times, { state: 'Plot', enteredAt }, now);
        const slow = { ...times, Plot: { seconds: 5, slowSeconds: 40, visits: 1 } };
        const slowWay = expectedSteps(definition, slow, { state: 'Plot', enteredAt }, now);
        return [way.at(-1)?.endSeconds ?? 0, slowWay.at(-1)?.endSeconds ?? 0] as const;
      };
      const [usual, slow] = endAfter(spent);
      assert.equal(usual, Math.max(0, 5 - spent));
      assert.ok(slow >= usual && slow <= Math.max(0, 40 - spent));
      assert.ok(spent + slow <= spent + 1 + endAfter(spent + 1)[1], 'the end never comes nearer');
    }),
  );
});

const begin = (deadlineSeconds: number | null, context: JsonObject = {}): FlowProgress => {
  const deadline = deadlineSeconds === null ? null : addSeconds(now, deadlineSeconds);
  const started = { kind: 'started' as const, input: {}, context: { deadline, ...context } };
  const result = advanceFlow(definition, newFlowProgress(), started, now);
  assert.ok('run' in result);
  return result.run;
};
const moved = (deadlineAt: string | null, context: JsonObject = {}) => ({
  kind: 'deadlineMoved' as const,
  deadlineAt,
  why: 'the next shot is due then',
  context,
});
const ended = {
  kind: 'actionEnded' as const,
  step: 1,
  statusDocument: { status: 'SUCCEEDED', details: {} },
};

test('a deadline that is moved is what a Choice goes by; the same one changes nothing', () => {
  const known = { Fit: { seconds: 10, visits: 1 }, Plot: { seconds: 5, visits: 1 } };
  const run = begin(60, { expected: known });
  assert.equal(run.predictedFinishAt, addSeconds(now, 15));
  const result = advanceFlow(definition, run, moved(addSeconds(now, 12)), now);
  assert.ok('run' in result);
  assert.deepEqual(
    result.log.map(({ code, details }) => [code, details]),
    [['FlowDeadlineMoved', { from: addSeconds(now, 60), to: addSeconds(now, 12) }]],
  );
  const late = advanceFlow(definition, result.run, ended, addSeconds(now, 10));
  assert.ok('run' in late);
  assert.equal(late.run.failure?.error, 'Late');
  assert.equal('predictedFinishAt' in late.run, false, 'it has ended');
  const inTime = advanceFlow(definition, run, ended, addSeconds(now, 10));
  assert.ok('run' in inTime);
  assert.equal(inTime.run.branches[0]?.state, 'Plot');
  const again = advanceFlow(definition, result.run, moved(addSeconds(now, 12)), now);
  assert.ok('refusal' in again && again.refusal.reason === 'repeated');
  const over = advanceFlow(definition, late.run, moved(addSeconds(now, 99)), now);
  assert.ok('refusal' in over && over.refusal.reason === 'ended');
});

test('a run that gets its first deadline gets with it what earlier runs teach', () => {
  const run = begin(null);
  const expected = { Fit: { seconds: 10, visits: 1 }, Plot: { seconds: 5, visits: 1 } };
  const result = advanceFlow(definition, run, moved(addSeconds(now, 12), { expected }), now);
  assert.ok('run' in result);
  const late = advanceFlow(definition, result.run, ended, addSeconds(now, 10));
  assert.ok('run' in late);
  assert.equal(late.run.failure?.error, 'Late');
});
