import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../json.ts';
import { addSeconds } from '../time.ts';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import type { FlowDefinition } from './definition.ts';
import { expectedSteps } from './expected-steps.ts';
import { newFlowProgress } from './flow-progress.ts';

const now = '2026-03-10T12:00:00.000Z';
const action = (Next: string) => ({
  Type: 'Action',
  ActionUrl: 'interpulse:compute',
  Parameters: {},
  ResultPath: '$.x',
  Next,
});

function parsed(json: JsonObject): FlowDefinition {
  const result = parseDefinition(json);
  assert.ok('definition' in result, JSON.stringify(result));
  return result.definition;
}

const flow = parsed({
  StartAt: 'Correlate',
  States: {
    Correlate: action('In time?'),
    'In time?': {
      Type: 'Choice',
      Choices: [
        {
          Variable: '$._context.deadline.will_be_late',
          BooleanEquals: true,
          Next: 'Quick plot',
        },
      ],
      Default: 'Full plot',
    },
    'Quick plot': action('Done'),
    'Full plot': action('Done'),
    Done: { Type: 'Pass', End: true },
  },
});
const times = {
  Correlate: { seconds: 30, visits: 1 },
  'Full plot': { seconds: 20, visits: 0.9 },
  'Quick plot': { seconds: 2, visits: 0.1 },
};

test('the way goes where most runs went, from where the run is now', () => {
  const from = { state: 'Correlate', enteredAt: addSeconds(now, -12) };
  assert.deepEqual(expectedSteps(flow, times, from, now), [
    { state: 'Correlate', startSeconds: 0, endSeconds: 18 },
    { state: 'In time?', startSeconds: 18, endSeconds: 18 },
    { state: 'Full plot', startSeconds: 18, endSeconds: 38 },
    { state: 'Done', startSeconds: 38, endSeconds: 38 },
  ]);
  const overdue = { state: 'Correlate', enteredAt: addSeconds(now, -300) };
  assert.equal(expectedSteps(flow, times, overdue, now).at(-1)?.endSeconds, 20);
});

test('without history nothing is foretold, and a loop is passed once', () => {
  const from = { state: 'Correlate', enteredAt: now };
  assert.deepEqual(expectedSteps(flow, {}, from, now), []);
  const loop = parsed({
    StartAt: 'Again',
    States: {
      Again: action('Enough?'),
      'Enough?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.x', IsPresent: true, Next: 'Again' }],
        Default: 'Done',
      },
      Done: { Type: 'Pass', End: true },
    },
  });
  const known = { Again: { seconds: 5, visits: 4 }, 'Enough?': { seconds: 0, visits: 4 } };
  const steps = expectedSteps(loop, known, { state: 'Again', enteredAt: now }, now);
  assert.deepEqual(
    steps.map(({ state, endSeconds }) => [state, endSeconds]),
    [
      ['Again', 20],
      ['Enough?', 20],
      ['Done', 20],
    ],
  );
});

test('a run that would be late changes its course at a Choice, one in time does not', () => {
  const after = (deadlineSeconds: number | null, spentSeconds: number, expected: JsonObject) => {
    const deadline = deadlineSeconds === null ? null : addSeconds(now, deadlineSeconds);
    const context = { run_id: 'r', deadline, expected };
    const started = { kind: 'started' as const, input: {}, context };
    const first = advanceFlow(flow, newFlowProgress(), started, now);
    assert.ok('run' in first);
    const ended = {
      kind: 'actionEnded' as const,
      step: 1,
      statusDocument: { status: 'SUCCEEDED', details: {} },
    };
    const second = advanceFlow(flow, first.run, ended, addSeconds(now, spentSeconds));
    assert.ok('run' in second);
    return second.run.branches[0]?.state;
  };
  assert.equal(after(60, 30, times), 'Full plot');
  assert.equal(after(45, 30, times), 'Quick plot', '15 s are left for 20 s of plotting');
  assert.equal(after(45, 30, {}), 'Full plot', 'nothing is known, nothing is foretold');
  assert.equal(after(null, 3000, times), 'Full plot');
});

test('the facts are read-only and the history is not among them', () => {
  const look = parsed({
    StartAt: 'Look',
    States: {
      Look: { Type: 'Pass', InputPath: '$._context', ResultPath: '$.seen', End: true },
    },
  });
  const context = { run_id: 'r', deadline: addSeconds(now, 9), expected: times };
  const result = advanceFlow(look, newFlowProgress(), { kind: 'started', input: {}, context }, now);
  assert.ok('run' in result);
  assert.deepEqual(result.run.data['seen'], {
    run_id: 'r',
    deadline: {
      at: addSeconds(now, 9),
      seconds_left: 9,
      is_late: false,
      predicted_finish_at: null,
      predicted_seconds_left: null,
      will_be_late: false,
    },
  });
});
