import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startShippedWorld, type ShippedWorld } from './shipped-world.ts';

let world: ShippedWorld;
before(async () => {
  world = await startShippedWorld();
});
after(() => world?.stop());

/** Milliseconds; each test takes a sixth of that or less. */
const timeout = 180_000;

async function succeed(flowRunId: string): Promise<Schemas['FlowRun']> {
  const run = await world.end(flowRunId);
  assert.equal(run.status, 'SUCCEEDED', run.reason ?? '');
  return run;
}

/** What a flow run published: the metadata, and the names of its files. */
interface Result {
  dataset: Schemas['Dataset'];
  files: Schemas['DatasetFile'][];
  metadata: JsonObject;
}

async function resultOf({ resultDatasetId }: Schemas['FlowRun']): Promise<Result> {
  assert.ok(resultDatasetId, 'it published a dataset');
  const params = { path: { datasetId: resultDatasetId } };
  const found = await unwrap(world.facility.client.GET('/api/v1/datasets/{datasetId}', { params }));
  const metadata = found.dataset.metadata as JsonObject;
  return { ...found, metadata };
}

async function jobsOf(flowRunId: string): Promise<Schemas['Job'][]> {
  const params = { query: { flowRun: flowRunId } };
  return (await unwrap(world.facility.client.GET('/api/v1/jobs', { params }))).items;
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const filesIn = (folder: string) => readdirSync(join(world.dataFolder, folder)).toSorted();
const shot = 'raw-data:/raw/shot_1.h5';

test(
  'xpcs: correlates, plots, publishes with what the file says, returns',
  { timeout },
  async () => {
    const input = { file: shot, returnTo: 'raw-data:/answers', metadata: { sample: 'latex' } };
    const run = await succeed(await world.start('xpcs', input, inSeconds(3600)));
    const { metadata, files } = await resultOf(run);
    assert.partialDeepStrictEqual(metadata, { settings: 'full', framesUsed: 64, sample: 'latex' });
    assert.ok(files.length >= 3);
    const back = ['metadata.json', 'plot.svg', 'preview.json', 'results.h5'];
    assert.deepEqual(filesIn('answers'), back);
  },
);

test('xpcs: a late run takes the cheap way and says so', { timeout }, async () => {
  const input = { file: shot, cheaperBelowSeconds: 1800 };
  const run = await succeed(await world.start('xpcs', input, inSeconds(600)));
  const { metadata } = await resultOf(run);
  assert.partialDeepStrictEqual(metadata, { settings: 'cheaper', framesUsed: 32, regions: 4 });
});

test('tomo: archives, shows a quick look, returns, and tidies up', { timeout }, async () => {
  const run = await succeed(
    await world.start('tomo', {
      file: 'raw-data:/raw/scan_1.h5',
      site: ['alpha', 'beta'],
      archive: 'raw-data:/archive',
      returnTo: 'raw-data:/volumes',
      quickSlices: '1:2',
      keepScratchSeconds: 0,
      parameters: { center: 15 },
    }),
  );
  assert.deepEqual(filesIn('archive'), ['scan_1.h5']);
  assert.ok(filesIn('volumes').includes('reconstruction.h5'));
  const { dataset, files } = await resultOf(run);
  assert.ok(files.length >= 3);
  // Published where they were brought to: sizes, checksums and the job are known all the same.
  assert.ok(files.every(({ sizeBytes, xxh3 }) => sizeBytes !== null && xxh3 !== null));
  assert.ok(dataset.sizeBytes > 0 && dataset.jobId !== null);
  const path = { flowRunId: run.id };
  const { output } = await unwrap(
    world.facility.client.GET('/api/v1/flow-runs/{flowRunId}/output', { params: { path } }),
  );
  const { details } = (output as JsonObject)['Delete'] as { details: JsonObject };
  assert.equal(details['files'], files.length);
  const query = { kind: 'result' as const };
  const known = await unwrap(world.facility.client.GET('/api/v1/datasets', { params: { query } }));
  assert.ok(known.items.some(({ title }) => title === 'Quick look at scan_1.h5'));
});

async function tell(number: number, nextShotAt: string): Promise<void> {
  const params = { path: { instrument: 'machine' } };
  const at = new Date().toISOString();
  const post = async (body: Schemas['TellRunEventBody']) =>
    unwrap(world.facility.client.POST('/api/v1/instruments/{instrument}/events', { params, body }));
  await post({ kind: 'runStarted', run: number, at });
  await post({ kind: 'shotTaken', run: number, at, nextShotAt });
  await post({ kind: 'runEnded', run: number, at });
}

async function resultsOf(number: number): Promise<JsonObject> {
  const params = { path: { instrument: 'machine', run: number } };
  const found = await unwrap(
    world.facility.client.GET('/api/v1/instruments/{instrument}/runs/{run}', { params }),
  );
  return Object.fromEntries(found.results.map(({ key, value }) => [key, value])) as JsonObject;
}

/** What the run table says of the analysis; null while it says nothing. */
async function analysisOf(number: number): Promise<unknown> {
  const results: JsonObject | null = await resultsOf(number).catch(() => null);
  return results?.['analysis'] ?? null;
}

async function listen(app: string, file: string): Promise<void> {
  const params = { path: { trigger: 'between-shots' } };
  const body: Schemas['SaveTriggerBody'] = {
    source: { kind: 'run', instrument: 'machine', on: 'end' },
    flowName: 'between-shot',
    input: { input: { file, app, 'shot.$': '$.run.number' } },
    deadline: 'nextShot',
  };
  await unwrap(world.facility.client.PUT('/api/v1/triggers/{trigger}', { params, body }));
}

test(
  'between-shot: the end of a run starts it, its results are in the run table',
  { timeout },
  async () => {
    await listen('xpcs', shot);
    await tell(1, inSeconds(3600));
    await until('the results of run 1', 60, async () => {
      return (await analysisOf(1)) === 'done';
    });
    assert.partialDeepStrictEqual(await resultsOf(1), { analysis: 'done', settings: 'full' });
  },
);

test('between-shot: gives up when the next shot comes first', { timeout }, async () => {
  for (const site of ['alpha', 'beta']) writeFileSync(world.gate(site), '');
  await listen('held', 'raw-data:/raw/plain.txt');
  await tell(2, inSeconds(4));
  await until('run 2 to be given up', 60, async () => {
    return (await analysisOf(2)) === 'late';
  });
  const params = { query: { state: 'canceled' } };
  await until('the job to be canceled', 30, async () => {
    const { items } = await unwrap(world.facility.client.GET('/api/v1/jobs', { params }));
    return items.some(({ app }) => app === 'held');
  });
  for (const site of ['alpha', 'beta']) rmSync(world.gate(site));
});

const race = { app: 'held', file: 'raw-data:/raw/plain.txt', sites: ['alpha', 'beta'] };

test('race: the first answer wins, the job at the slow site is canceled', { timeout }, async () => {
  writeFileSync(world.gate('alpha'), '');
  const id = await world.start('two-facility-race', { ...race, returnTo: 'raw-data:/race' });
  const { metadata } = await resultOf(await succeed(id));
  const said = metadata['race'] as JsonObject;
  assert.partialDeepStrictEqual(said, { winner: 'beta', other: 'alpha', otherStatus: 'CANCELED' });
  assert.equal(typeof said['seconds'], 'number');
  assert.deepEqual(filesIn('race'), ['answer.txt']);
  const jobs = await jobsOf(id);
  assert.deepEqual(jobs.map(({ state }) => state).toSorted(), ['canceled', 'completed']);
  assert.ok(existsSync(world.gate('alpha')), 'the slow one was not let go');
  rmSync(world.gate('alpha'));
});

test('race: a site that is killed does not lose the answer', { timeout }, async () => {
  for (const site of ['alpha', 'beta']) writeFileSync(world.gate(site), '');
  const id = await world.start('two-facility-race', race);
  await until('both to work', 60, async () => {
    return (await jobsOf(id)).filter(({ state }) => state === 'active').length === 2;
  });
  await world.facility.kill('alpha');
  rmSync(world.gate('beta'));
  const { metadata } = await resultOf(await succeed(id));
  assert.partialDeepStrictEqual(metadata['race'], { winner: 'beta', other: 'alpha' });
  rmSync(world.gate('alpha'));
  await world.facility.start('alpha');
  // It ends the pilot that it left behind; before it runs it knows of none.
  await world.facility.children.get('alpha')?.line((line) => line.includes('the agent runs'));
});
