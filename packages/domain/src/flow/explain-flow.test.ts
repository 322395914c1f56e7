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

test('each kind of wait is told in a sentence of its own', () => {
  const dueAt = '2026-11-21T13:00:00.000Z';
  const sentence = (wait: object | null): string =>
    explainFlow(run([{ path: [], state: 'Ask', step: 1, enteredAt: at, wait }], 1)).sentence;
  const action = { kind: 'action', provider: 'interpulse:compute', timeoutAt: dueAt };
  const question = { kind: 'webInput', webInputId: null, title: 'Go on?', expiresAt: null };
  assert.deepEqual(
    [
      null,
      { kind: 'timer', dueAt },
      { kind: 'retry', dueAt, attempt: 1, error: 'ActionTimeout' },
      question,
      { ...question, title: null, expiresAt: dueAt },
      { ...action, stalled: null },
      { ...action, stalled: 'consent is missing' },
    ].map(sentence),
    [
      'Ask is on its way.',
      `Ask waits until ${dueAt}.`,
      `Ask failed (ActionTimeout); attempt 2 starts at ${dueAt}.`,
      'Ask waits for a person to answer "Go on?".',
      `Ask waits for a person to answer "Ask", at most until ${dueAt}.`,
      `Ask waits for interpulse:compute since ${at}, at most until ${dueAt}.`,
      'Ask needs a person before interpulse:compute can go on: consent is missing',
    ],
  );
});
