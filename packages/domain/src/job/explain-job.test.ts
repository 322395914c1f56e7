import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourcesSchema } from '../app/app.ts';
import { explainJob } from './explain-job.ts';
import { jobStates } from './job-state.ts';
import type { Job } from './job.ts';
import type { Transfer } from '../transfer/transfer.ts';

const now = '2026-11-21T12:00:00.000Z';

const jobOf = (fields: Partial<Job>): Job => ({
  id: 'job_1',
  label: '',
  app: 'fit',
  command: [],
  project: 'demo',
  owner: 'ada',
  flowRunId: null,
  site: 'any',
  siteId: 'site_1',
  siteName: 'centre',
  pilotId: null,
  attempt: 1,
  state: 'queued',
  reason: null,
  parameters: {},
  inputs: {},
  outputs: [],
  resources: resourcesSchema.parse({}),
  urgency: 'normal',
  deadlineAt: null,
  tags: {},
  exitCode: null,
  usage: null,
  createdAt: now,
  placedAt: null,
  readyAt: null,
  startedAt: null,
  endedAt: null,
  stateSinceAt: now,
  ...fields,
});

test('every state says something that ends as a sentence', () => {
  for (const state of jobStates) {
    const { summary } = explainJob(jobOf({ state }), []);
    assert.match(summary, /^[A-Z].*\.$/, state);
  }
});

test('inputs that cannot arrive say what is in the way, and where', () => {
  const transfer = {
    ...{ id: 'transfer_1', label: '', project: 'demo', owner: 'ada', jobId: 'job_1' },
    ...{ flowRunId: null, source: 'raw', destination: 'scratch', items: [], state: 'queued' },
    ...{ reason: 'writing in/a: no space left', attempt: 3, bytesDone: 0, bytesTotal: null },
    ...{ filesDone: 0, createdAt: now, startedAt: now, endedAt: null },
  } as unknown as Transfer;
  const staging = jobOf({ state: 'stagingIn' });
  const { summary, unblock } = explainJob(staging, [], [transfer]);
  assert.match(summary, /from raw to scratch yet: writing in\/a: no space left\.$/);
  assert.match(unblock ?? '', /^Attempt 3 of \d+ failed so/);
  const under = { ...transfer, reason: null };
  assert.match(explainJob(staging, [], [under]).summary, /on their way to centre/);
});

test('a job that waits to be placed says what is in the way at every site', () => {
  const sites = [
    { siteName: 'a', refusal: 'closed: moved', estimate: null },
    { siteName: 'b', refusal: 'has 4 cores a node, 8 asked for', estimate: null },
  ];
  const { summary, unblock } = explainJob(jobOf({ reason: 'no site can take it' }), sites);
  assert.match(summary, /no site can take it/);
  assert.match(unblock ?? '', /a: closed: moved; b: has 4 cores/);
});

test('why it was placed and why it came back are told apart', () => {
  const placed = jobOf({ state: 'ready', reason: 'earliest finish at centre (run 1 s)' });
  assert.match(explainJob(placed, []).summary, /Placed there for the earliest finish at centre/);
  const back = jobOf({ state: 'ready', reason: 'its pilot ended: the node went down' });
  const { summary } = explainJob(back, []);
  assert.doesNotMatch(summary, /Placed there/);
  assert.match(summary, /Before that: its pilot ended: the node went down\./);
});
