import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFlow } from './explain-flow.ts';
import type { FlowBranch, FlowProgress } from './flow-progress.ts';

const at = '2026-11-21T12:00:00.000Z';

/** A flow run with these of its open branches at hand. */
function run(branches: object[], open: number): FlowProgress {
  const counts = { open };
  return {
    startedAt: at,
    endedAt: null,
    counts,
    branches: branches as FlowBranch[],
  } as FlowProgress;
}

const both = {
  path: [],
  state: 'Both',
  step: 1,
  enteredAt: at,
  wait: { kind: 'branches', total: 2, started: 2, ended: 1 },
};
const rest = {
  path: [],
  state: 'Rest',
  step: 2,
  enteredAt: at,
  wait: { kind: 'timer', dueAt: at },
};

test('branches that are not at hand are told of by the state around them, once', () => {
  const { sentence } = explainFlow(run([both], 2));
  assert.equal(sentence, 'Both: 1 of 2 branches are done, 1 under way.');
});

test('of many that wait only some are named, and the others counted', () => {
  const many = (count: number) =>
    explainFlow(
      run(
        Array.from({ length: count }, () => rest),
        count,
      ),
    );
  assert.doesNotMatch(many(6).sentence, /more/);
  assert.match(many(7).sentence, /And 1 more branch\.$/);
  assert.match(many(9).sentence, /And 3 more branches\.$/);
});
