import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { jobRequestSchema } from '@interpulse/domain/job/job.ts';
import { draftOfJob, emptyDraft, type JobDraft } from './job-draft.ts';
import { toRequest } from './to-request.ts';

const now = Date.parse('2026-11-20T10:00:00.000Z');
const app = {
  name: 'fit',
  parameters: { properties: { bin: { type: 'integer', minimum: 1 } }, required: ['bin'] },
  inputs: [{ name: 'frames', required: true, description: '' }],
  outputs: [{ name: 'result', path: 'result.h5', required: true }],
  onError: { retries: 0, delaySeconds: 0, backoffRate: 2, resources: {} },
  onTimeout: { retries: 1, delaySeconds: 0, backoffRate: 2, resources: {} },
  restartable: false,
  mayUseHub: false,
} as unknown as Schemas['RegisteredApp'];

const read = (part: Partial<JobDraft>) => toRequest({ ...emptyDraft, ...part }, app, now);
const filled: Partial<JobDraft> = {
  app: 'fit',
  parameters: { bin: 4 },
  inputs: { frames: 'raw:/shot.h5' },
};

test('only what was said is asked for, and the hub takes it', () => {
  const { request, faults } = read(filled);
  assert.deepEqual(faults, {});
  assert.deepEqual(request, {
    app: 'fit',
    parameters: { bin: 4 },
    inputs: { frames: 'raw:/shot.h5' },
  });
  assert.ok(jobRequestSchema.safeParse(request).success);
});

test('everything that can be said is read, and the hub takes it', () => {
  const { request, faults } = read({
    ...filled,
    label: 'night 7',
    site: 'alpha, beta',
    urgency: 'urgent',
    deadline: '10 min',
    tags: 'sample:tooth, run:7',
    parents: `job_${'0'.repeat(26)}`,
    returnTo: 'answers:/x',
    priority: '5',
    placement: 'roundRobin',
    allocation: 'm1234',
    resources: {
      ...emptyDraft.resources,
      cores: '16',
      gpus: '0.5',
      memoryBytes: '64 GB',
      walltimeSeconds: '1 h 30 min',
    },
  });
  assert.deepEqual(faults, {});
  const parsed = jobRequestSchema.safeParse(request);
  assert.ok(parsed.success, JSON.stringify(parsed.error?.issues));
  assert.deepEqual(request.site, ['alpha', 'beta']);
  assert.equal(request.deadlineAt, '2026-11-20T10:10:00.000Z');
  assert.deepEqual(request.tags, { sample: 'tooth', run: '7' });
  assert.deepEqual(request.resources, {
    cores: 16,
    gpus: 0.5,
    memoryBytes: 64e9,
    walltimeSeconds: 5400,
  });
  assert.deepEqual(read({ ...filled, site: 'label:gpu' }).request.site, { label: 'gpu' });
});

test('each fault is said at its field', () => {
  const places = (part: Partial<JobDraft>) => {
    const { inputFaults, parameterFaults } = read(part);
    return [...inputFaults, ...parameterFaults].map(({ loc, type }) => [...loc, type]);
  };
  assert.deepEqual(places(filled), []);
  assert.deepEqual(places({ app: 'fit' }), [
    ['frames', 'required'],
    ['bin', 'required'],
  ]);
  assert.deepEqual(places({ ...filled, parameters: { bin: 0 } }), [['bin', 'minimum']]);
  assert.deepEqual(places({ ...filled, inputs: { frames: '/shot.h5' } }), [['frames', 'pattern']]);
  assert.match(read({ ...filled, deadline: 'soon' }).faults['deadline'] ?? '', /10 min/);
  assert.ok(read({ ...filled, tags: 'tooth' }).faults['tags']);
  const resources = { ...emptyDraft.resources, cores: 'many' };
  assert.ok(read({ ...filled, resources }).faults['resources.cores']);
  assert.ok(read({ ...filled, environment: '1A=x' }).faults['environment']);
  assert.ok(read({ ...filled, outputs: 'plots/*' }).faults['outputs']);
  const retries = { onError: 'often', onTimeout: '' };
  assert.ok(read({ ...filled, retries }).faults['retries.onError']);
});

test('a plain command is divided into words', () => {
  const { request, faults } = read({ kind: 'command', command: "echo 'a b'" });
  assert.deepEqual([request.command, faults], [['echo', 'a b'], {}]);
  assert.ok(read({ kind: 'command', command: "echo 'a" }).faults['command']);
});

test('a job that is edited and submitted anew asks for the same', () => {
  const resources = {
    nodes: 2,
    ranksPerNode: 8,
    cores: 16,
    threadsPerRank: 2,
    gpus: 0,
    memoryBytes: 123_456_789,
    walltimeSeconds: 601,
  };
  const job = {
    app: 'fit',
    command: ['fit'],
    label: 'x',
    parameters: { bin: 3, extra: [1] },
    inputs: { frames: 'raw:/a' },
    site: { label: 'gpu' },
    urgency: 'backfill',
    project: 'demo',
    tags: { a: 'b' },
    resources,
    parents: [],
    onParentFailure: 'fail',
    returnTo: null,
    allocation: null,
    priority: -3,
    placement: null,
    createdAt: '2026-11-19T10:00:00.000Z',
    deadlineAt: '2026-11-19T10:20:00.000Z',
    environment: { LEVEL: 'debug', TEXT: 'a\nb', QUOTED: '"x"', EMPTY: '' },
    outputRules: [
      { name: 'result', path: 'result.h5', required: true },
      { name: 'log', path: 'logs/*: all', required: false },
    ],
    onError: { retries: 3, delaySeconds: 5, backoffRate: 2, exitCodes: [75], resources: {} },
    onTimeout: { backoffRate: 2, retries: 1, delaySeconds: 0, resources: {} },
    restartable: true,
    mayUseHub: false,
  } as unknown as Schemas['Job'];
  const { gpus: _none, ...withoutGpus } = resources;
  const { request, faults, parameterFaults } = toRequest(draftOfJob(job, app), app, now);
  assert.deepEqual([faults, parameterFaults], [{}, []]);
  assert.deepEqual(request.parameters, { bin: 3, extra: [1] });
  assert.deepEqual(request.resources, withoutGpus);
  assert.deepEqual(
    [request.site, request.priority, request.urgency],
    [{ label: 'gpu' }, -3, 'backfill'],
  );
  assert.equal(request.deadlineAt, '2026-11-20T10:20:00.000Z');
  assert.deepEqual(request.environment, job.environment);
  assert.deepEqual(request.outputs, job.outputRules.slice(1));
  assert.deepEqual([request.onError, request.onTimeout], [job.onError, undefined]);
  assert.deepEqual([request.restartable, request.mayUseHub], [true, undefined]);
  assert.ok(jobRequestSchema.safeParse(request).success);
});
