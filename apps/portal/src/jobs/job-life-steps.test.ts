import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { jobLifeSteps, presentWords } from './job-life-steps.ts';

const at = (seconds: number) => new Date(1_790_000_000_000 + seconds * 1000).toISOString();
const job = (part: Partial<Schemas['Job']>) =>
  ({
    state: 'ready',
    createdAt: at(0),
    placedAt: at(2),
    readyAt: at(12),
    startedAt: null,
    endedAt: null,
    stateSinceAt: at(12),
    ...part,
  }) as Schemas['Job'];

test('what lies ahead of an open job is named without a time', () => {
  const steps = jobLifeSteps(job({}));
  assert.deepEqual(
    steps.map((step) => [step.word, step.tookSeconds]),
    [
      ['submitted', null],
      ['placed', 2],
      ['ready', 10],
      ['started', null],
      ['ended', null],
    ],
  );
  assert.equal(presentWords(job({}), Date.parse(at(15))), 'waits for a pilot, 3.0 s');
});

test('a job that was canceled early skips what it never reached', () => {
  const ended = job({ state: 'canceled', readyAt: null, endedAt: at(5) });
  assert.deepEqual(
    jobLifeSteps(ended).map((step) => step.word),
    ['submitted', 'placed', 'canceled'],
  );
  assert.equal(presentWords(ended, Date.parse(at(9))), null);
});

test('a job that was placed again has no negative lengths', () => {
  const moved = job({ placedAt: at(50), readyAt: at(40) });
  assert.ok(jobLifeSteps(moved).every((step) => (step.tookSeconds ?? 0) >= 0));
});
