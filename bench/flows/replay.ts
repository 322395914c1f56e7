import { setTimeout as sleep } from 'node:timers/promises';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { percentile } from '../house/figures.ts';
import { startBenchHub, type BenchHub } from '../compute/start-bench-hub.ts';
import { PretendSite, saveChain, type Work } from './pretend-site.ts';
import { lostInRecord, type RecordedStep, type Trace } from './read-traces.ts';

/** What a replay found; times lost in a flow run, all its steps together. */
export interface ReplayFigures {
  replay_overhead_ms_p50: number | null;
  replay_overhead_ms_p99: number | null;
  recorded_overhead_ms_p50: number | null;
  recorded_overhead_ms_p99: number | null;
  between_ms_p50: number | null;
  unnoticed_ms_p50: number | null;
  runs: number;
}

/** How a replay goes. */
export interface ReplayOptions {
  trace: Trace;
  /** Waiting is shortened by this factor: time between arrivals, and the time of actions. */
  speed: number;
  mostRuns: number;
}

/** One flow run of the replay. */
interface ReplayedRun {
  /** When the work of each step was done, and when that of the next was begun, in ms since 1970. */
  begunAt: number[];
  doneAt: number[];
  flowRunId: string;
}

/**
 * Plays recorded flow runs to a real hub: the same arrivals, the same work, only the waiting
 * shortened. A step's overhead is the time from the end of its work, as the site sees it, to the
 * begin of the next step's work at the site: noticing, going on, placing, and telling, together.
 */
export async function replay(options: ReplayOptions): Promise<ReplayFigures> {
  const { trace } = options;
  const hub = await startBenchHub({ database: 'embedded' });
  const site = await PretendSite.start(hub);
  try {
    const flow = await saveChain(hub, 'replayed', trace.kinds);
    const runs = trace.runs.slice(0, options.mostRuns);
    const replayed = await play(hub, site, flow, { ...options, trace: { ...trace, runs } });
    const lost = await Promise.all(replayed.map((run) => lostInReplay(hub, run, trace)));
    const recorded = runs
      .map(lostInRecord)
      .map(({ betweenMs, unnoticedMs }) => betweenMs + unnoticedMs);
    const overhead = lost.map((each) => each.betweenMs + each.unnoticedMs);
    return {
      replay_overhead_ms_p50: percentile(overhead, 0.5),
      replay_overhead_ms_p99: percentile(overhead, 0.99),
      recorded_overhead_ms_p50: percentile(recorded, 0.5),
      recorded_overhead_ms_p99: percentile(recorded, 0.99),
      between_ms_p50: percentile(
        lost.map((each) => each.betweenMs),
        0.5,
      ),
      unnoticed_ms_p50: percentile(
        lost.map((each) => each.unnoticedMs),
        0.5,
      ),
      runs: runs.length,
    };
  } finally {
    site.end();
    await hub.end();
  }
}

/** Starts every run at its time, does its work for its time, and waits until all have ended. */
async function play(
  hub: BenchHub,
  site: PretendSite,
  flow: string,
  { trace, speed }: ReplayOptions,
): Promise<ReplayedRun[]> {
  const runs = trace.runs.map((): ReplayedRun => ({ begunAt: [], doneAt: [], flowRunId: '' }));
  const { promise: allEnded, resolve, reject } = Promise.withResolvers<void>();
  const lastWork = trace.kinds.findLastIndex((kind) => kind !== 'ingest');
  let ended = 0;
  const take = async ({ words, done }: Work): Promise<void> => {
    const [key, step] = words.split(' ').map(Number);
    const run = runs[key ?? -1];
    const recorded = trace.runs[key ?? -1]?.steps[step ?? -1];
    if (run === undefined || recorded === undefined || step === undefined) return;
    run.begunAt[step] = Date.now();
    await sleep((1000 * workSeconds(recorded)) / speed);
    run.doneAt[step] = Date.now();
    await done();
    if (step !== lastWork) return;
    ended += 1;
    if (ended === runs.length) resolve();
  };
  site.onWork = (work) => void take(work).catch(reject);
  await Promise.all([startAll(hub, flow, runs, { trace, speed }), allEnded]);
  return runs;
}

/** Starts runs at their times; where nobody was measuring, the pause is cut. */
async function startAll(
  { client }: BenchHub,
  flow: string,
  runs: readonly ReplayedRun[],
  { trace, speed }: Pick<ReplayOptions, 'trace' | 'speed'>,
): Promise<void> {
  let busyUntilSeconds = 0;
  let cutSeconds = trace.runs[0]?.startSeconds ?? 0;
  const beganMs = performance.now();
  const starts: Promise<void>[] = [];
  for (const [index, { startSeconds, endSeconds }] of trace.runs.entries()) {
    if (index > 0) cutSeconds += Math.max(0, startSeconds - busyUntilSeconds);
    busyUntilSeconds = Math.max(busyUntilSeconds, endSeconds);
    const dueMs = (1000 * (startSeconds - cutSeconds)) / speed;
    await sleep(Math.max(0, beganMs + dueMs - performance.now()));
    const body = { flow, input: { input: { key: String(index) } }, label: String(index) };
    const start = async () => {
      const made = await unwrap(client.POST('/api/v1/flow-runs', { body }));
      const run = runs[index];
      if (run !== undefined) run.flowRunId = made.id;
    };
    starts.push(start());
  }
  await Promise.all(starts);
}

/** How long the work itself took: as its service timed it, else as the step was recorded. */
function workSeconds({ startSeconds, endSeconds, actionSeconds }: RecordedStep): number {
  return actionSeconds ?? endSeconds - startSeconds;
}

/**
 * What a replayed run lost. Between the ends of two pieces of work lies the hub alone; its log says
 * when it had noticed the first. Steps that the hub does itself (ingest) count as lost whole.
 */
async function lostInReplay(hub: BenchHub, run: ReplayedRun, { kinds }: Trace) {
  const params = { path: { flowRunId: run.flowRunId as never }, query: { limit: 200 } };
  const log = await unwrap(hub.client.GET('/api/v1/flow-runs/{flowRunId}/log', { params }));
  const noticedAt = new Map<string, number>();
  for (const { code, at, details } of log.items) {
    const name = (details as { state_name?: string }).state_name;
    if (code === 'ActionCompleted' && name !== undefined) noticedAt.set(name, Date.parse(at));
  }
  let betweenMs = 0;
  let unnoticedMs = 0;
  let before: number | null = null;
  for (const [step, kind] of kinds.entries()) {
    if (kind === 'ingest') continue;
    if (before !== null) {
      const doneAt = run.doneAt[before] ?? Number.NaN;
      const noticed = noticedAt.get(`Step${before}`) ?? Number.NaN;
      unnoticedMs += noticed - doneAt;
      betweenMs += (run.begunAt[step] ?? Number.NaN) - noticed;
    }
    before = step;
  }
  return { betweenMs, unnoticedMs };
}
