import { readFile } from 'node:fs/promises';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startBenchHub, type BenchHub } from '../compute/start-bench-hub.ts';
import { PretendSite, saveChain, stepState, type Work } from './pretend-site.ts';

/** One size of a thing, what it took, and how much memory the hub then had. */
export interface Sized {
  size: number;
  seconds: number;
  hubMegabytes: number;
}

/** Flow runs at once, a Map of many items, and a run with a large state: time and memory. */
export interface ManyFigures {
  concurrent_runs: number;
  map_items_per_s: number;
  runs: Sized[];
  maps: Sized[];
  /** Milliseconds for a step, beside a run with a small state. */
  largeStateMs: number;
  smallStateMs: number;
}

/** Measures each at growing sizes, on the embedded database. */
export async function measureManyAtOnce({ quick }: { quick: boolean }): Promise<ManyFigures> {
  const hub = await startBenchHub({ database: 'embedded' });
  const site = await PretendSite.start(hub);
  try {
    const runs: Sized[] = [];
    for (const size of quick ? [250, 1000] : [250, 500, 1000, 2000]) {
      runs.push(await runTogether(hub, site, size));
    }
    const maps: Sized[] = [];
    for (const size of quick ? [1000] : [1000, 10_000]) maps.push(await runMap(hub, site, size));
    const last = maps.at(-1);
    const steps = quick ? 5 : 20;
    return {
      concurrent_runs: Math.max(...runs.map(({ size }) => size)),
      map_items_per_s: last === undefined ? 0 : last.size / last.seconds,
      runs,
      maps,
      smallStateMs: await timeSteps(hub, site, steps, 0),
      largeStateMs: await timeSteps(hub, site, steps, 3_900_000),
    };
  } finally {
    site.end();
    await hub.end();
  }
}

/** All start, all are under way together, then all end. */
async function runTogether(hub: BenchHub, site: PretendSite, size: number): Promise<Sized> {
  await saveChain(hub, 'together', ['compute', 'compute']);
  const waiting: Work[] = [];
  site.onWork = (work) => waiting.push(work);
  const beganMs = performance.now();
  const keys = Array.from({ length: size }, (_, n) => `r${n}`).values();
  const start = async (): Promise<void> => {
    for (const key of keys) {
      const body = { flow: 'together', input: { input: { key } } };
      await unwrap(hub.client.POST('/api/v1/flow-runs', { body }));
    }
  };
  await Promise.all(Array.from({ length: 16 }, start));
  await until('all under way', 120, async () => waiting.length === size);
  const hubMegabytes = await memoryOf(hub);
  const first = waiting.splice(0);
  const { promise, resolve } = Promise.withResolvers<void>();
  let ended = 0;
  site.onWork = ({ done }) =>
    void done().then(() => {
      ended += 1;
      if (ended === size) resolve();
    });
  await Promise.all(first.map(({ done }) => done()));
  await promise;
  return { size, seconds: (performance.now() - beganMs) / 1000, hubMegabytes };
}

/** A Map whose items are jobs, each done as soon as it is there. */
async function runMap(hub: BenchHub, site: PretendSite, size: number): Promise<Sized> {
  const item = { ...stepState('compute', 0), Next: 'Keep' };
  // Ten thousand whole status documents are more than a state may hold.
  const keep = {
    Type: 'ExpressionEval',
    Parameters: { 'status.=': 'step0.status' },
    ResultPath: '$',
    End: true,
  };
  const definition = {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        ItemsPath: '$.items',
        MaxConcurrency: 1000,
        ItemSelector: { input: { 'key.=': "'item ' + str(_context.Map.Item.Index)" } },
        ItemProcessor: { StartAt: 'Item', States: { Item: item, Keep: keep } },
        ResultPath: '$.results',
        End: true,
      },
    },
  };
  const params = { path: { flow: 'each' } };
  const body = { definition: definition as never };
  await unwrap(hub.client.PUT('/api/v1/flows/{flow}', { params, body }));
  site.onWork = ({ done }) => void done();
  const beganMs = performance.now();
  const input = { items: Array.from({ length: size }, (_, n) => n) };
  const run = await unwrap(hub.client.POST('/api/v1/flow-runs', { body: { flow: 'each', input } }));
  let hubMegabytes = 0;
  await until('the end of the Map', 600, async () => {
    hubMegabytes = Math.max(hubMegabytes, await memoryOf(hub));
    return (await statusOf(hub, run.id)) !== 'ACTIVE';
  });
  const status = await statusOf(hub, run.id);
  if (status !== 'SUCCEEDED') throw new Error(`the flow run of the Map is ${status}`);
  return { size, seconds: (performance.now() - beganMs) / 1000, hubMegabytes };
}

/** Milliseconds for a step of a run whose state has so many bytes of other things. */
async function timeSteps(
  hub: BenchHub,
  site: PretendSite,
  steps: number,
  bytes: number,
): Promise<number> {
  await saveChain(
    hub,
    'large',
    Array.from({ length: steps }, () => 'compute' as const),
  );
  const { promise, resolve } = Promise.withResolvers<void>();
  let first = 0;
  site.onWork = ({ words, done }) => {
    if (first === 0) first = performance.now();
    void done().then(() => {
      if (words === `large ${steps - 1}`) resolve();
    });
  };
  const ballast = Array.from({ length: bytes / 1000 }, () => 'x'.repeat(990));
  const body = { flow: 'large', input: { input: { key: 'large' }, ballast } };
  await unwrap(hub.client.POST('/api/v1/flow-runs', { body }));
  await promise;
  return (performance.now() - first) / steps;
}

async function statusOf({ client }: BenchHub, flowRunId: string): Promise<string> {
  const params = { query: { limit: 5 } };
  const { items } = await unwrap(client.GET('/api/v1/flow-runs', { params }));
  const run = items.find(({ id }) => id === flowRunId);
  if (run?.status === 'FAILED') console.log(`  ${run.reason ?? ''}`);
  return run?.status ?? 'unknown';
}

/** Resident memory of the hub's process, in megabytes. */
async function memoryOf({ children }: BenchHub): Promise<number> {
  const pid = children.get('hub')?.pid ?? 0;
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) / 1000;
}

if (import.meta.main)
  console.log(await measureManyAtOnce({ quick: process.argv.includes('--quick') }));
