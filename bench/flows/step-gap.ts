import { unwrap } from '@interpulse/api/client/create-client.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBenchHub, type BenchHub } from '../compute/start-bench-hub.ts';
import { percentile } from '../house/figures.ts';
import { timeBareTransactions } from './bare-transactions.ts';
import { PretendSite, saveChain, type StepKind } from './pretend-site.ts';

/** Steps of a flow run: jobs and transfers in turn, as beamlines have them. */
const kinds = Array.from({ length: 20 }, (_, n): StepKind =>
  n % 2 === 0 ? 'compute' : 'transfer',
);

/** How one measurement goes. */
interface Load {
  runs: number;
  /** Flow runs that are under way at a time. */
  atOnce: number;
  /** Time of each step's work; none for as fast as it goes. */
  workMs: number;
}

/** Transitions a second, and the time from each to the begin of the next step's work. */
interface Measured {
  transitionsPerSecond: number;
  gapsMs: number[];
}

/**
 * From the end of a step's work, as its site sees it, to the begin of the next step's: with the
 * message to the hub, its transaction, placing, and the message back. Measured at half of the rate
 * at which this database does it at most, and for one flow run alone; beside transactions that
 * write nothing but a row, as many a second on an embedded database.
 */
export async function measureStepGap({ quick }: { quick: boolean }) {
  const steps = await measureSteps(quick);
  const bare = await timeBareTransactions(steps.half_transitions_per_s, quick ? 1000 : 6000);
  return {
    ...steps,
    bare_transaction_ms_p50: percentile(bare, 0.5),
    bare_transaction_ms_p99: percentile(bare, 0.99),
  };
}

async function measureSteps(quick: boolean) {
  const hub = await startBenchHub({ database: 'embedded' });
  const site = await PretendSite.start(hub);
  try {
    await saveChain(hub, 'chain', kinds);
    const runs = quick ? 60 : 300;
    await drive(hub, site, { runs: 20, atOnce: 10, workMs: 0 });
    const alone = await drive(hub, site, { runs: quick ? 10 : 60, atOnce: 1, workMs: 0 });
    const peak = await drive(hub, site, { runs, atOnce: 40, workMs: 0 });
    const wanted = peak.transitionsPerSecond / 2;
    const atOnce = 20;
    const half = await drive(hub, site, { runs, atOnce, workMs: (1000 * atOnce) / wanted });
    return {
      step_gap_ms_p50: percentile(half.gapsMs, 0.5),
      step_gap_ms_p99: percentile(half.gapsMs, 0.99),
      alone_gap_ms_p50: percentile(alone.gapsMs, 0.5),
      alone_gap_ms_p99: percentile(alone.gapsMs, 0.99),
      embedded_transitions_per_s: peak.transitionsPerSecond,
      half_transitions_per_s: half.transitionsPerSecond,
    };
  } finally {
    site.end();
    await hub.end();
  }
}

/** The most transitions a second on a PostgreSQL server: each an end of a job or a transfer. */
export async function measurePeak({ quick }: { quick: boolean }) {
  const hub = await startBenchHub({ database: 'server' });
  const site = await PretendSite.start(hub);
  try {
    await saveChain(hub, 'chain', kinds);
    await drive(hub, site, { runs: 40, atOnce: 40, workMs: 0 });
    const peak = await drive(hub, site, { runs: quick ? 200 : 1000, atOnce: 400, workMs: 0 });
    return { transitions_per_s: peak.transitionsPerSecond };
  } finally {
    site.end();
    await hub.end();
  }
}

async function drive(hub: BenchHub, site: PretendSite, load: Load): Promise<Measured> {
  const gapsMs: number[] = [];
  const doneMs = new Map<string, number>();
  const { promise: allEnded, resolve, reject } = Promise.withResolvers<void>();
  let started = 0;
  let ended = 0;
  const startNext = async (): Promise<void> => {
    if (started === load.runs) return;
    started += 1;
    const body = { flow: 'chain', input: { input: { key: `k${started}` } } };
    await unwrap(hub.client.POST('/api/v1/flow-runs', { body }));
  };
  site.onWork = ({ words, done }) => {
    const [key = '', step] = words.split(' ');
    const before = doneMs.get(key);
    if (before !== undefined) gapsMs.push(performance.now() - before);
    const finish = async (): Promise<void> => {
      // Work of one length would end in step: what ends together then waits for each other.
      if (load.workMs > 0) await sleep(2 * load.workMs * Math.random());
      doneMs.set(key, performance.now());
      await done();
      if (Number(step) < kinds.length - 1) return;
      ended += 1;
      if (ended === load.runs) resolve();
      else await startNext();
    };
    finish().catch(reject);
  };
  const beganMs = performance.now();
  await Promise.all([...Array.from({ length: load.atOnce }, startNext), allEnded]);
  const seconds = (performance.now() - beganMs) / 1000;
  return { transitionsPerSecond: (load.runs * kinds.length) / seconds, gapsMs };
}

if (import.meta.main) {
  const quick = process.argv.includes('--quick');
  console.log(await measureStepGap({ quick }), await measurePeak({ quick }));
}
