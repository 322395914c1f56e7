import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeJobs } from './place-jobs.ts';
import { refuseSite } from './refuse-site.ts';
import { sampleJob, samplePool, sampleSite } from './sample-snapshots.ts';
import type { Placement, SiteSnapshot } from './snapshot.ts';

type JobFields = Parameters<typeof sampleJob>[0];

const now = '2026-11-21T12:00:00.000Z';
const listed = `sha256:${'a'.repeat(64)}`;

const refusal = (job: JobFields, site: Partial<SiteSnapshot>): string | null =>
  refuseSite(sampleJob(job), sampleSite({ id: 'a', ...site })).refusal?.text ?? null;

const placed = (job: JobFields, sites: SiteSnapshot[]): Placement | undefined =>
  placeJobs([sampleJob(job)], sites, { now, limits: [], turn: 0 })[0];

test('every refusal names its reason and its numbers', () => {
  const small = { pools: [samplePool({ gpusPerNode: 2, memoryBytesPerNode: 64 * 1024 ** 3 })] };
  const shell = { '*': { digest: listed, shellText: true } };
  const only = (pool: Parameters<typeof samplePool>[0]) => ({ pools: [samplePool(pool)] });
  const refusals: [JobFields, Partial<SiteSnapshot>, RegExp][] = [
    [{}, { hasCompute: false }, /^has no compute role$/],
    [{ site: 'other' }, {}, /^not among the sites asked for$/],
    [{ site: ['b', 'c'] }, {}, /^not among the sites asked for$/],
    [{ site: { label: 'gpu' } }, { labels: ['cpu'] }, /^does not have the label gpu$/],
    [{}, { status: 'silent', statusReason: 'not connected' }, /^silent: not connected$/],
    [{}, { status: 'closed' }, /^closed: no reason given$/],
    [{}, { brokenReason: 'no licence' }, /^resting: no licence$/],
    [{ app: null, code: null }, { allowsCommands: false }, /^does not run plain commands$/],
    [{ appSites: ['b'] }, {}, /^does not have the app fit$/],
    [{ code: { b: { digest: listed, shellText: false } } }, {}, /^does not have the app fit$/],
    [{ code: shell }, {}, /text for a shell of listed apps only.*sha256:a/],
    [{}, { apps: { allow: 'listed', digests: [listed] } }, /listed apps only, and not fit.*sha256/],
    [{ resources: { nodes: 2 } }, { launcher: null }, /no launcher, 2 nodes with 1 ranks each/],
    [{ resources: { ranksPerNode: 4 } }, { launcher: null }, /no launcher, 1 nodes with 4 ranks/],
    [{}, { pools: [] }, /^has no pool of pilots$/],
    [{ urgency: 'urgent' }, only({ urgencies: ['normal'] }), /^has no pool for urgent work$/],
    [{ allocation: 'xyz' }, only({ account: 'abc' }), /for normal work that charges xyz$/],
    [{ resources: { cores: 9 } }, small, /^has 8 cores a node, 9 asked for$/],
    [{ resources: { gpus: 4 } }, small, /^has 2 GPUs a node, 4 asked for$/],
    [{ resources: { gpus: 0.5 } }, {}, /^has 0 GPUs a node, 0\.5 asked for$/],
    [{ resources: { memoryBytes: 96 * 1024 ** 3 } }, small, /64 GiB of memory a node, 96 GiB/],
    [{ resources: { nodes: 5 } }, only({ maxNodes: 4 }), /gives 4 nodes to a pilot, 5 asked for/],
    [
      { resources: { walltimeSeconds: 3600 } },
      only({ walltimeSeconds: 3600 }),
      /^gives 3590 s to a job, 3600 s asked for$/,
    ],
    [{}, only({ paused: true }), /starts no pilots for it: pool default is paused/],
    [{}, only({ maxPilots: 0 }), /starts no pilots for it: pool default may have none/],
  ];
  for (const [job, site, reason] of refusals) {
    assert.match(refusal(job, site) ?? 'not refused', reason);
    const placement = placed(job, [sampleSite({ id: 'a', ...site })]);
    assert.equal(placement?.siteId, null);
    assert.equal(placement?.considered[0]?.estimate, null);
    assert.match(placement?.reason ?? '', /^no site can take it/);
  }
  assert.match(placed({}, [])?.reason ?? '', /no site has enrolled/);
});

test('what is allowed is not refused', () => {
  const shell = { '*': { digest: listed, shellText: true } };
  const allowed: [JobFields, Partial<SiteSnapshot>][] = [
    [{ site: 'a' }, {}],
    [{ site: ['b', 'a'] }, {}],
    [{ site: { label: 'gpu' } }, { labels: ['gpu'] }],
    [{ appSites: ['a'] }, {}],
    [{ code: { a: { digest: listed, shellText: false } } }, {}],
    [{ code: shell }, { apps: { allow: 'all', digests: [] } }],
    [{ code: shell }, { apps: { allow: 'templates', digests: [listed] } }],
    [{ code: shell }, { apps: { allow: 'listed', digests: [listed] } }],
    [{ app: null, code: null }, {}],
    [{ allocation: 'abc' }, { pools: [samplePool(), samplePool({ account: 'abc' })] }],
    [{ resources: { gpus: 0.5 } }, { pools: [samplePool({ gpusPerNode: 1 })] }],
    // Nobody knows how much memory there is.
    [{ resources: { memoryBytes: 1024 ** 4 } }, {}],
    [{ restartable: true, resources: { walltimeSeconds: 86_400 } }, {}],
  ];
  for (const [job, site] of allowed) assert.equal(refusal(job, site), null);
});

test('impossible resources: the site that comes nearest is named with what it lacks', () => {
  const site = (id: string, coresPerNode: number, gpusPerNode = 0): SiteSnapshot =>
    sampleSite({ id, pools: [samplePool({ coresPerNode, gpusPerNode })] });
  const sites = [site('small', 16), site('large', 128), site('gpus', 32, 4)];
  const reason = placed({ resources: { cores: 256 } }, sites)?.reason ?? '';
  assert.match(reason, /^no site can take it, large comes nearest: it has 128 cores a node, 256/);
  assert.match(reason, /small: has 16 cores a node/);
  const both = placed({ resources: { cores: 64, gpus: 8 } }, sites)?.reason ?? '';
  assert.match(both, /gpus comes nearest: it has 32 cores a node, 64 .* and has 4 GPUs a node, 8/);
});

test('who is too small says so although it is down, for it would not help to come back', () => {
  const down = { status: 'silent', statusReason: 'not connected' } as const;
  assert.match(refusal({ resources: { cores: 9 } }, down) ?? '', /8 cores a node/);
});

test('the pools that could run it are those of its urgency and account that hold it', () => {
  const pools = [
    samplePool({ name: 'demand', urgencies: ['urgent'] }),
    samplePool({ name: 'gpu', gpusPerNode: 4 }),
    samplePool({ name: 'batch', account: 'abc' }),
    samplePool({ name: 'off', gpusPerNode: 4, paused: true }),
  ];
  const names = (job: JobFields): string[] | null => {
    const answer = refuseSite(sampleJob(job), sampleSite({ id: 'a', pools }));
    return answer.refusal === null ? answer.pools.map(({ name }) => name) : null;
  };
  assert.deepEqual(names({}), ['gpu', 'batch']);
  assert.deepEqual(names({ urgency: 'urgent' }), ['demand', 'gpu', 'batch']);
  assert.deepEqual(names({ resources: { gpus: 1 } }), ['gpu']);
  assert.deepEqual(names({ allocation: 'abc' }), ['batch']);
  assert.match(
    refusal({ resources: { gpus: 5 } }, { pools }) ?? '',
    /^in its pool gpu has 4 GPUs a node, 5 asked for$/,
  );
});
