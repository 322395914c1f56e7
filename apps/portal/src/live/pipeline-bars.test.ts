import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { expectedAnswer } from './answer-expected.ts';
import { pipelineBars } from './pipeline-bars.ts';

const zero = Date.parse('2026-11-21T12:00:00.000Z');
const at = (seconds: number) => new Date(zero + seconds * 1000).toISOString();

function documentOf(endedAt: string | null, deadlineAt: string | null) {
  const step = (sequence: number, stateName: string, from: number, to: number | null) => ({
    sequence,
    stateName,
    status: to === null ? ('active' as const) : ('succeeded' as const),
    startedAt: at(from),
    endedAt: to === null ? null : at(to),
  });
  const steps = [step(1, 'Move', 1, 5), step(2, 'Work', 5, null), step(3, 'Work[1]/Each', 5, 6)];
  const expected = (state: string, from: number, to: number, isCurrent = false) => ({
    state,
    startAt: at(from),
    endAt: at(to),
    isCurrent,
  });
  return {
    flowRun: { endedAt, deadlineAt } as Schemas['FlowRun'],
    steps: steps as Schemas['FlowStep'][],
    prediction: {
      finishAt: at(20),
      secondsLeft: null,
      secondsToSpare: null,
      willBeLate: false,
      steps: [
        expected('Work', 5, 12, true),
        expected('In time?', 12, 12),
        expected('Publish', 12, 20),
      ],
    },
  };
}

test('steps that were, the one that is, and those that are expected', () => {
  const { rows, ...pipeline } = pipelineBars(documentOf(null, at(30)), at(0), zero + 8000);
  assert.deepEqual(
    rows.map(({ state, status, from, to, expectedTo }) => [state, status, from, to, expectedTo]),
    [
      ['Move', 'succeeded', 1, 5, null],
      ['Work', 'active', 5, 8, 12],
      ['Publish', 'expected', 12, 12, 20],
    ],
  );
  assert.deepEqual(pipeline, {
    lengthSeconds: 30 * 1.03,
    deadlineSeconds: 30,
    nowSeconds: 8,
    finishSeconds: 20,
    endSeconds: null,
    atOnce: [],
  });
});

test('what took no time is told by name, once; what failed at once is drawn', () => {
  const run = documentOf(at(9), at(30));
  const [first] = run.steps;
  assert.ok(first);
  const atOnce = (sequence: number, stateName: string, status: 'succeeded' | 'failed') => {
    return { ...first, sequence, stateName, status, startedAt: at(9), endedAt: at(9.001) };
  };
  const more = ['Late?', 'Late?'].map((name, place) => atOnce(place + 4, name, 'succeeded'));
  const steps = [...run.steps, ...more, atOnce(6, 'Check', 'failed')];
  const pipeline = pipelineBars({ ...run, steps }, at(0), zero + 20_000);
  assert.deepEqual(pipeline.atOnce, ['Late?']);
  assert.deepEqual(
    pipeline.rows.map(({ state }) => state),
    ['Move', 'Work', 'Check'],
  );
  assert.equal(pipeline.endSeconds, 9);
});

test('what is overdue is expected now, and what follows it comes later', () => {
  const { rows, finishSeconds } = pipelineBars(documentOf(null, at(21)), at(0), zero + 16_000);
  assert.deepEqual(
    rows.slice(1).map(({ from, expectedTo }) => [from, expectedTo]),
    [
      [5, 16],
      [16, 24],
    ],
  );
  assert.equal(finishSeconds, 24);
});

test('the answer in words', () => {
  const words = (deadline: number | null, nowSeconds: number) => {
    const run = documentOf(null, deadline === null ? null : at(deadline));
    return expectedAnswer(pipelineBars(run, at(0), zero + nowSeconds * 1000), 'the next shot');
  };
  assert.deepEqual(words(26, 8), {
    text: 'Answer expected in 12 s, 6.0 s before the next shot',
    isLate: false,
  });
  assert.deepEqual(words(18, 8), {
    text: 'Answer expected in 12 s, 2.0 s after the next shot',
    isLate: true,
  });
  assert.equal(words(null, 8)?.text, 'Answer expected in 12 s');
  const unknown = { ...documentOf(null, at(30)), prediction: null };
  const pipeline = pipelineBars(unknown, at(0), zero + 8000);
  assert.equal(expectedAnswer(pipeline, 'the next shot')?.text, '22 s until the next shot');
  const over = pipelineBars(documentOf(at(25), at(30)), at(0), zero + 60_000);
  assert.equal(expectedAnswer(over, 'the next shot'), null);
});
