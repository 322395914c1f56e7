import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import { flowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import { countSteps } from '../../test/mock-api/count-steps.ts';
import { sampleStep } from '../flow-runs/sample-step.ts';
import { stateProgress } from './state-progress.ts';
import { branchParts, placeOfStep } from './step-place.ts';

const graph = flowGraph({
  StartAt: 'Loop',
  States: {
    Loop: { Type: 'Pass', Next: 'Each' },
    Each: {
      Type: 'Map',
      ItemProcessor: {
        StartAt: 'a/b',
        States: { 'a/b': { Type: 'Pass', Next: 'Then' }, Then: { Type: 'Pass', End: true } },
      },
      Next: 'Never',
    },
    Never: { Type: 'Fail' },
  },
});

let sequence = 0;
function step(stateName: string, status: FlowStep['status'], seconds = 1): FlowStep {
  sequence += 1;
  const startedAt = '2026-11-21T10:00:00.000Z';
  const endedAt =
    status === 'active' ? null : new Date(Date.parse(startedAt) + seconds * 1000).toISOString();
  return sampleStep({ sequence, stateName, status, startedAt, endedAt });
}

const sumsOf = (steps: FlowStep[], totals: Record<string, number> = {}) => ({
  ...countSteps(steps, totals),
  takenOver: [],
});
const running = { status: 'ACTIVE', endedAt: null } as const;

test('names with slashes are taken apart by the states that there are', () => {
  const known = new Set(['a/b', 'Then']);
  const isState = (name: string) => known.has(name);
  assert.deepEqual(placeOfStep('Each[3]/a/b', isState), { branch: 'Each[3]', state: 'a/b' });
  assert.deepEqual(placeOfStep('Then', isState), { branch: '', state: 'Then' });
  assert.deepEqual(
    placeOfStep('X[1]/Y[2]/Z', () => false),
    { branch: 'X[1]/Y[2]', state: 'Z' },
  );
  assert.deepEqual(branchParts('X[1]/Y[22]'), [
    { state: 'X', index: 1 },
    { state: 'Y', index: 22 },
  ]);
});

test('visits, seconds and items of a run that goes on', () => {
  const progress = stateProgress(
    graph,
    sumsOf(
      [
        step('Loop', 'failed', 2),
        step('Loop', 'succeeded', 3),
        step('Each', 'active'),
        step('Each[0]/a/b', 'succeeded'),
        step('Each[0]/Then', 'succeeded'),
        step('Each[1]/a/b', 'failed'),
        step('Each[1]/a/b', 'active'),
        step('Each[2]/a/b', 'failed'),
      ],
      { Each: 10 },
    ),
    running,
  );
  const loop = progress.get('Loop');
  assert.deepEqual(
    [loop?.standing, loop?.visits, loop?.lastSeconds, loop?.totalSeconds],
    ['good', 2, 3, 5],
  );
  assert.deepEqual(progress.get('Each')?.items, {
    done: 1,
    active: 1,
    failed: 1,
    canceled: 0,
    total: 10,
  });
  assert.equal(progress.get('Each')?.standing, 'active');
  assert.equal(progress.get('a/b')?.visits, 4);
  assert.equal(progress.get('Never')?.standing, 'future');
});

test('a state that waits for an answer waits, without a reason of its own', () => {
  const asks = flowGraph({ StartAt: 'Ask', States: { Ask: { Type: 'AwaitWebInput', End: true } } });
  const standing = (status: 'ACTIVE' | 'INACTIVE') =>
    stateProgress(asks, sumsOf([step('Ask', 'active')]), { status, endedAt: null }).get('Ask')
      ?.standing;
  assert.deepEqual([standing('INACTIVE'), standing('ACTIVE')], ['waiting', 'active']);
});

test('what a run that has ended never came to was skipped', () => {
  const ended = { status: 'SUCCEEDED', endedAt: '2026-11-21T11:00:00.000Z' } as const;
  assert.equal(stateProgress(graph, sumsOf([]), ended).get('Never')?.standing, 'skipped');
});

test('what an earlier flow run did shows where this one did not come', () => {
  const takenOver = [step('Loop', 'succeeded', 4)];
  const sums = { ...countSteps([step('Each', 'active')]), takenOver };
  const progress = stateProgress(graph, sums, running);
  assert.deepEqual(
    [progress.get('Loop')?.standing, progress.get('Loop')?.totalSeconds],
    ['good', 4],
  );
});

test('a Fail state that was come to is what went wrong', () => {
  const run = { status: 'FAILED', endedAt: '2026-11-21T10:00:09.000Z' } as const;
  const progress = stateProgress(
    graph,
    sumsOf([step('Loop', 'succeeded'), step('Never', 'succeeded')]),
    run,
  );
  assert.equal(progress.get('Never')?.standing, 'bad');
  assert.equal(progress.get('Loop')?.standing, 'good');
});
