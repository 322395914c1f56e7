import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourcesSchema, retryRuleSchema } from '../app/app.ts';
import type { Pilot } from '../pilot/pilot.ts';
import type { OpenSite } from '../placement/choose-site.ts';
import { describePlacement } from '../placement/describe-placement.ts';
import { poolSchema, type Pool } from '../site/site.ts';
import { explainJob, type SeenAround } from './explain-job.ts';
import { jobStates } from './job-state.ts';
import type { Job } from './job.ts';
import type { Transfer } from '../transfer/transfer.ts';

const now = '2026-11-21T12:00:00.000Z';

const nothing: SeenAround = { parents: [], pools: [], pilots: [], siteTrouble: null };

const jobOf = (fields: Partial<Job>): Job => ({
  id: 'job_1',
  label: '',
  app: 'fit',
  command: [],
  project: 'demo',
  owner: 'ada',
  flowRunId: null,
  ensembleId: null,
  createdByJobId: null,
  parents: [],
  onParentFailure: 'fail',
  site: 'any',
  placement: null,
  allocation: null,
  returnTo: null,
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
  onError: retryRuleSchema.parse({}),
  onTimeout: retryRuleSchema.parse({}),
  outputRules: [],
  environment: {},
  restartable: false,
  mayUseHub: false,
  urgency: 'normal',
  priority: 0,
  deadlineAt: null,
  tags: {},
  exitCode: null,
  usage: null,
  notBeforeAt: null,
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
  const returning = jobOf({ state: 'stagingOut', returnTo: 'home:/results' });
  assert.match(explainJob(returning, [], [under]).summary, /centre to home:\/results\.$/);
  assert.match(explainJob(returning, [], [transfer]).summary, /^Its outputs cannot get from raw/);
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
  assert.match(explainJob(placed, []).summary, /Placed there: earliest finish at centre/);
  const turn = jobOf({ state: 'active', reason: 'round robin, the turn of centre' });
  assert.match(explainJob(turn, []).summary, /Placed there: round robin/);
  const back = jobOf({ state: 'ready', reason: 'its pilot ended: the node went down' });
  const { summary } = explainJob(back, []);
  assert.doesNotMatch(summary, /Placed there/);
  assert.match(summary, /Before that: its pilot ended: the node went down\./);
});

test('every reason that placing gives for a site is told as one', () => {
  const estimate = {
    ...{ transferSeconds: 0, waitSeconds: 0, runSeconds: 1, returnSeconds: 0 },
    ...{ finishAt: now, inTime: true },
  };
  const other = { ...estimate, finishAt: '2026-11-21T11:00:00.000Z' };
  const late = { ...estimate, inTime: false };
  const sites = [estimate, other, late].map((each) => ({
    name: 'centre',
    jobs: 1,
    estimate: each,
  }));
  for (const strategy of ['earliestFinish', 'shortestBacklog', 'roundRobin'] as const) {
    for (const site of sites) {
      const looked = [{ siteName: 'b', estimate: other, refusal: null }];
      const reason = describePlacement(strategy, looked, site as unknown as OpenSite);
      const { summary } = explainJob(jobOf({ state: 'ready', reason }), []);
      assert.match(summary, /Placed there: /, reason);
    }
  }
});

test('who waits for parents says for which, and what their failure would do', () => {
  const parents = Array.from({ length: 8 }, (_, index) => ({
    id: `job_${index}`,
    label: index === 1 ? 'calibrate' : '',
    state: index === 0 ? ('completed' as const) : ('active' as const),
  }));
  const job = jobOf({ state: 'waiting' });
  const seen = { ...nothing, parents };
  const { summary, unblock } = explainJob(job, [], [], seen);
  assert.match(summary, /^Waits for 7 of the 8 jobs .*: calibrate \(job_1\) is active, job_2 is/);
  assert.match(summary, /job_5 is active, 2 more\.$/);
  assert.match(unblock ?? '', /it fails when one of them fails/);
  const runs = explainJob({ ...job, onParentFailure: 'run' }, [], [], seen);
  assert.match(runs.unblock ?? '', /it runs even when one of them fails/);
  const over = explainJob(job, [], [], { ...nothing, parents: parents.slice(0, 1) });
  assert.match(over.summary, /has ended; it goes on in a moment/);
});

test('a retry that waits says until when and why', () => {
  const notBeforeAt = '2026-11-21T12:01:00.000Z';
  const reason = 'failed with exit code 3; retry 1 of 3 after 60 s';
  const { summary } = explainJob(jobOf({ attempt: 1, notBeforeAt, reason }), []);
  assert.equal(summary, `Waits until ${notBeforeAt} for attempt 2: ${reason}.`);
});

test('a site that there is none of is named, and what never changes is no way out', () => {
  const refusal = 'not among the sites asked for';
  const sites = [{ siteName: 'alpha', refusal, estimate: null }];
  const reason = `no site can take it (alpha: ${refusal})`;
  const { summary, unblock } = explainJob(jobOf({ reason, site: 'alhpa' }), sites);
  assert.match(summary, /There is no site "alhpa"\./);
  assert.match(unblock ?? '', /^Submit it again for other sites; or a site that enrols/);
  assert.doesNotMatch(explainJob(jobOf({ reason }), sites).summary, /There is no site/);
  const closed = { siteName: 'beta', refusal: 'closed: moved', estimate: null };
  const both = explainJob(jobOf({ reason, site: ['beta', 'alhpa'] }), [...sites, closed]);
  assert.equal(both.unblock, 'Any one of these to change: beta: closed: moved.');
});

test('impossible resources: the nearest site, and that less would help', () => {
  const refusal = 'has 8 cores a node, 64 asked for';
  const reason = `no site can take it, a comes nearest: it ${refusal} (a: ${refusal})`;
  const sites = [{ siteName: 'a', refusal, estimate: null }];
  const { summary, unblock } = explainJob(jobOf({ reason }), sites);
  assert.match(summary, /a comes nearest: it has 8 cores a node, 64 asked for/);
  assert.match(
    unblock ?? '',
    /^Submit it again asking for less; or any one of these to change: a:/,
  );
});

const poolOf = (fields: Partial<Pool> = {}): Pool => {
  const settings = { minWarm: 1, maxPilots: 2, nodesPerPilot: 1, walltimeSeconds: 8 * 3600 };
  return poolSchema.parse({
    ...{ name: 'batch', queue: null, account: null, urgencies: ['normal'], preemptable: false },
    ...{ coresPerNode: 4, gpusPerNode: 0, memoryBytesPerNode: 0, settings, limits: settings },
    ...{ reason: '3 jobs wait for 3 cores', queueWaitSeconds: 120.4 },
    counts: {
      ...{ pilotsWaiting: 1, pilotsRunning: 2, nodes: 2, coresBusy: 8, coresTotal: 8 },
      ...{ gpusBusy: 0, gpusTotal: 0 },
    },
    ...fields,
  });
};

test('a ready job says which pools could take it, and what those wait for', () => {
  const job = jobOf({ state: 'ready' });
  const explain = (pools: Pool[], fields: Partial<Job> = {}) =>
    explainJob({ ...job, ...fields }, [], [], { ...nothing, pools });
  const demand = poolOf({ name: 'demand', urgencies: ['urgent'] });
  const { summary, unblock } = explain([demand, poolOf()]);
  assert.equal(
    summary,
    'Waits at centre for a pilot with 1 free core. Pool batch: 8 of 8 cores are busy in ' +
      '2 pilots; 1 pilot queued (they took 120 s to start lately); ' +
      'planned: 3 jobs wait for 3 cores.',
  );
  assert.match(unblock ?? '', /^A pilot that the batch system starts, a running job that ends/);
  assert.match(explain([demand]).summary, /no pool there takes it any more/);
  const large = resourcesSchema.parse({ nodes: 2, cores: 2, gpus: 0.5, memoryBytes: 1024 ** 3 });
  assert.match(
    explain([], { resources: large }).summary,
    /2 free cores, 0\.5 free GPU, 1 GiB of memory on each of 2 nodes\.$/,
  );
  assert.match(explain([poolOf()], { resources: large }).summary, /no pool there takes it/);
  assert.match(explain([poolOf()], { allocation: 'abc' }).summary, /no pool there takes it/);
  const held = explain([poolOf()], { pilotId: 'pilot_1' });
  assert.match(held.summary, /^A pilot at centre holds it/);
});

test('what was moved says from where', () => {
  const job = jobOf({ state: 'active', reason: 'moved from alpha: centre can begin it now' });
  assert.equal(
    explainJob(job, []).summary,
    'Attempt 1 runs at centre. Placed there: moved from alpha: centre can begin it now.',
  );
});

test('a ready job says what is wrong at its site', () => {
  const job = jobOf({ state: 'ready', siteName: 'alpha' });
  const siteTrouble = 'resting: its pilots do not start: no sbatch in PATH';
  const around = { ...nothing, siteTrouble };
  const { summary, unblock } = explainJob(job, [], [], around);
  assert.match(summary, /Waits at alpha, which takes no work now: .*no sbatch in PATH/);
  assert.match(unblock ?? '', /alpha; it goes elsewhere/);
});

test('a ready job says why the last pilot of its pool did not start', () => {
  const pilot: Pilot = {
    ...{ id: 'pilot_1', siteId: 'site_1', siteName: 'centre', pool: 'batch', state: 'lost' },
    ...{ reason: 'squeue did not answer within 30 s', batchJobId: null, host: null, nodes: [] },
    ...{ cores: 0, preemptions: 0, walltimeSeconds: 60, createdAt: now, expectedAt: null },
    ...{ startedAt: null, endsAt: null, idleSinceAt: null, endedAt: now },
  };
  const around = { ...nothing, pools: [poolOf()], pilots: [pilot] };
  const { summary } = explainJob(jobOf({ state: 'ready' }), [], [], around);
  assert.match(summary, /the last one did not start: squeue did not answer within 30 s; planned/);
});
