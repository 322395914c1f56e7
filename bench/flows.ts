import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureFiles } from './flows/file-burst.ts';
import { measureManyAtOnce, type Sized } from './flows/many-at-once.ts';
import { readTraces } from './flows/read-traces.ts';
import { replay, type ReplayFigures } from './flows/replay.ts';
import { measurePeak, measureStepGap } from './flows/step-gap.ts';
import { printTable } from './house/figures.ts';

/**
 * Flows: how soon a step follows the one before, how many transitions a second, what recorded flow
 * runs lose here beside what they lost when they were recorded, how soon a finished file starts a
 * flow run, and what many runs, a large Map, and a large state cost.
 *
 * `npm run bench:flows -- FOLDER` replays every table in a folder (see `flows/read-traces.ts`);
 * `--speed` says by how much waiting is shortened. `--quick` ends within 45 s, with null for what
 * it did not measure. One part alone: `--only=gap` (or peak, replay, files, many).
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    speed: { type: 'string' },
  },
});
const { quick, only } = values;
const folder = resolve(positionals[0] ?? '../shared/data/traces');
// At a higher speed the recorded bursts ask for more steps a second than two cores can do.
const speed = Number(values.speed ?? (quick ? 600 : 60));

/** Runs a part, or leaves its figures null. */
async function part<T>(
  name: string,
  isLong: boolean,
  measure: () => Promise<T>,
): Promise<T | null> {
  if (only === undefined ? quick && isLong : only !== name) return null;
  console.log(`… ${name}`);
  return measure();
}

/** Replays every table of the folder; the figures are those of the one with the most runs. */
async function replayFolder(): Promise<ReplayFigures | null> {
  if (!existsSync(folder)) {
    console.log(`  ${folder} is not here: nothing to replay; name a folder with tables`);
    return null;
  }
  const traces = await readTraces(folder);
  const found: ReplayFigures[] = [];
  for (const trace of traces) {
    const mostRuns = quick ? 60 : trace.runs.length;
    console.log(`  ${trace.file}: ${trace.runs.length} flow runs of ${trace.names.length} steps`);
    const figures = await replay({ trace, speed, mostRuns });
    console.log(`  ${JSON.stringify(figures)}`);
    found.push(figures);
  }
  return found.toSorted((a, b) => b.runs - a.runs)[0] ?? null;
}

const gap = await part('gap', false, () => measureStepGap({ quick }));
const peak = await part('peak', false, () => measurePeak({ quick }));
const replayed = await part('replay', false, replayFolder);
const files = await part('files', false, () => measureFiles({ quick }));
const many = await part('many', true, () => measureManyAtOnce({ quick }));

const figures = {
  step_gap_ms_p50: gap?.step_gap_ms_p50 ?? null,
  step_gap_ms_p99: gap?.step_gap_ms_p99 ?? null,
  transitions_per_s: peak?.transitions_per_s ?? null,
  replay_overhead_ms_p50: replayed?.replay_overhead_ms_p50 ?? null,
  replay_overhead_ms_p99: replayed?.replay_overhead_ms_p99 ?? null,
  recorded_overhead_ms_p50: replayed?.recorded_overhead_ms_p50 ?? null,
  file_to_run_ms_p50: files?.file_to_run_ms_p50 ?? null,
  burst_missed: files?.burst_missed ?? null,
  burst_doubled: files?.burst_doubled ?? null,
  concurrent_runs: many?.concurrent_runs ?? null,
  map_items_per_s: many?.map_items_per_s ?? null,
};

const sizes = (what: string, all: readonly Sized[]): [string, number | null, string][] =>
  all.map(({ size, seconds, hubMegabytes }) => [
    `${size} ${what}: ms for each`,
    (1000 * seconds) / size,
    `hub: ${Math.round(hubMegabytes)} MB`,
  ]);
printTable([
  ['step done → work of the next begun, ms, p50', figures.step_gap_ms_p50, '≤ 2'],
  ['step done → work of the next begun, ms, p99', figures.step_gap_ms_p99, '≤ 10'],
  ['… at transitions a second (half of the peak)', gap?.half_transitions_per_s ?? null, ''],
  ['… of a single flow run, p50', gap?.alone_gap_ms_p50 ?? null, ''],
  ['… of a single flow run, p99', gap?.alone_gap_ms_p99 ?? null, ''],
  ['as many transactions of one row, ms, p50', gap?.bare_transaction_ms_p50 ?? null, ''],
  ['as many transactions of one row, ms, p99', gap?.bare_transaction_ms_p99 ?? null, ''],
  ['most transitions a second, embedded database', gap?.embedded_transitions_per_s ?? null, ''],
  ['most transitions a second, PostgreSQL server', figures.transitions_per_s, '≥ 2000'],
  ['replay: lost in a flow run, ms, p50', figures.replay_overhead_ms_p50, ''],
  ['replay: lost in a flow run, ms, p99', figures.replay_overhead_ms_p99, '≤ 100'],
  ['recorded: lost in a flow run, ms, p50', figures.recorded_overhead_ms_p50, ''],
  ['recorded: lost in a flow run, ms, p99', replayed?.recorded_overhead_ms_p99 ?? null, ''],
  ['file finished → flow run started, ms, p50', figures.file_to_run_ms_p50, '≤ 8'],
  ['file finished → flow run started, ms, p99', files?.file_to_run_ms_p99 ?? null, ''],
  ['burst of files: those without a flow run', figures.burst_missed, '0'],
  ['burst of files: flow runs too many', figures.burst_doubled, '0'],
  ['items of a Map a second, each a job', figures.map_items_per_s, ''],
  ...sizes('flow runs at once', many?.runs ?? []),
  ...sizes('items of a Map', many?.maps ?? []),
  ['a step of a run with a small state, ms', many?.smallStateMs ?? null, ''],
  ['a step of a run with a state of 3.9 MB, ms', many?.largeStateMs ?? null, ''],
]);
console.log(JSON.stringify(figures));
