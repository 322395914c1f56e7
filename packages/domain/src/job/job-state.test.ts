import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isJobEnd,
  jobStates,
  openJobStates,
  jobTransitions,
  nextJobState,
  statesAccepting,
  type JobEvent,
  type JobState,
} from './job-state.ts';

const events: JobEvent[] = [
  'parentsCompleted',
  'placed',
  'stageInStarted',
  'staged',
  'started',
  'finished',
  'stageOutStarted',
  'pilotLost',
  'siteLost',
  'recalled',
  'failed',
  'canceled',
];

test('any order of events leads through legal states; only a retry leads out of an end', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 60 }), (order) => {
      let state: JobState = 'waiting';
      for (const event of order) {
        const next = nextJobState(state, event);
        if (isJobEnd(state)) {
          const isRetry: boolean = event === 'retried' && state !== 'completed';
          assert.equal(next, isRetry ? 'queued' : null);
        }
        if (next === null) continue;
        assert.ok(jobStates.includes(next));
        state = next;
      }
    }),
  );
});

test('what a lost pilot held is ready again, what a lost site held is queued again', () => {
  for (const event of ['pilotLost', 'preempted'] as const) {
    assert.equal(nextJobState('active', event), 'ready');
    assert.equal(nextJobState('ready', event), 'ready');
    assert.equal(nextJobState('stagingOut', event), null);
  }
  // A pilot that gives a job back has not begun it.
  assert.equal(nextJobState('ready', 'released'), 'ready');
  assert.equal(nextJobState('active', 'released'), null);
  const away = ['placed', 'stagingIn', 'ready', 'active', 'stagingOut'] as const;
  for (const state of away) assert.equal(nextJobState(state, 'siteLost'), 'queued');
  for (const state of ['waiting', 'queued', 'completed'] as const) {
    assert.equal(nextJobState(state, 'siteLost'), null);
  }
});

test('what is placed and has not begun may be recalled, and nothing else', () => {
  assert.deepEqual(statesAccepting('recalled'), ['placed', 'stagingIn', 'ready']);
  assert.equal(nextJobState('ready', 'recalled'), 'queued');
});

test('the states that accept an event are those in which it leads somewhere', () => {
  for (const event of events) {
    const accepting = statesAccepting(event);
    for (const state of jobStates) {
      assert.equal(accepting.includes(state), nextJobState(state, event) !== null, state + event);
    }
  }
  assert.deepEqual(statesAccepting('started'), ['ready']);
  assert.deepEqual(statesAccepting('pilotLost'), ['ready', 'active']);
});

test('every state is reached, and from every open one an end can be', () => {
  const reached = new Set<JobState>(['waiting']);
  for (const state of reached) {
    for (const next of Object.values(jobTransitions[state])) reached.add(next);
  }
  assert.deepEqual([...reached].toSorted(), [...jobStates].toSorted());
  for (const state of jobStates) {
    const ends = isJobEnd(state) ? null : 'canceled';
    assert.equal(nextJobState(state, 'canceled'), ends);
    assert.equal(nextJobState(state, 'failed'), ends === null ? null : 'failed');
  }
  assert.deepEqual(
    jobStates.filter((state) => !openJobStates.includes(state)),
    ['completed', 'failed', 'canceled'],
  );
});
