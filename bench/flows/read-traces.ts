import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { StepKind } from './pretend-site.ts';

/** One step of a recorded flow run; all times in seconds. */
export interface RecordedStep {
  startSeconds: number;
  endSeconds: number;
  /** The service's own time for the work; null where only the step's time was recorded. */
  actionSeconds: number | null;
}

/** One recorded flow run. */
export interface RecordedRun {
  startSeconds: number;
  endSeconds: number;
  steps: RecordedStep[];
}

/** Flow runs of one kind, in order of their start. */
export interface Trace {
  file: string;
  /** Names of the steps, in order. */
  names: string[];
  /** What each step does, as far as the columns tell. */
  kinds: StepKind[];
  runs: RecordedRun[];
}

/**
 * Reads every table in a folder: one row for a flow run with `start`, `end`, and for each step
 * `NAME_start` and `NAME_end`; `NAME_bytes_transferred` tells a transfer, `NAME_action_time`
 * without it an ingest, and all others compute. Times are seconds since 1970. Rows with gaps are
 * left out.
 */
export async function readTraces(folder: string): Promise<Trace[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.csv')).toSorted();
  const traces: Trace[] = [];
  for (const file of files) {
    const rows = parse(await readFile(join(folder, file), 'utf8'), {
      columns: true,
      skip_empty_lines: true,
    }) as Record<string, string>[];
    traces.push(readTrace(file, rows));
  }
  if (traces.length === 0) throw new Error(`there is no .csv file in ${folder}`);
  return traces;
}

function readTrace(file: string, rows: readonly Record<string, string>[]): Trace {
  const columns = Object.keys(rows[0] ?? {});
  const names = columns
    .filter((name) => name.endsWith('_start') && columns.includes(name.replace(/_start$/, '_end')))
    .map((name) => name.replace(/_start$/, ''));
  if (names.length === 0 || !columns.includes('start') || !columns.includes('end')) {
    throw new Error(`${file} has no columns start, end, and NAME_start, NAME_end of steps`);
  }
  const kinds = names.map((name): StepKind => {
    if (columns.includes(`${name}_bytes_transferred`)) return 'transfer';
    return columns.includes(`${name}_action_time`) ? 'ingest' : 'compute';
  });
  const runs = rows.map((row) => readRun(row, names)).filter((run) => run !== null);
  return { file, names, kinds, runs: runs.toSorted((a, b) => a.startSeconds - b.startSeconds) };
}

function readRun(row: Record<string, string>, names: readonly string[]): RecordedRun | null {
  const steps = names.map((name) => ({
    startSeconds: numberOf(row[`${name}_start`]),
    endSeconds: numberOf(row[`${name}_end`]),
    actionSeconds: row[`${name}_action_time`] ? numberOf(row[`${name}_action_time`]) : null,
  }));
  const run = { startSeconds: numberOf(row['start']), endSeconds: numberOf(row['end']), steps };
  const times = [run, ...steps].flatMap((each) => [each.startSeconds, each.endSeconds]);
  return times.every(Number.isFinite) ? run : null;
}

function numberOf(text: string | undefined): number {
  return text === undefined || text === '' ? Number.NaN : Number(text);
}

/** What was lost in a recorded flow run, in milliseconds. */
export interface Lost {
  /** From each step's end to the start of the next, summed. */
  betweenMs: number;
  /** From the work's end to the step's end, summed over the steps whose work was timed. */
  unnoticedMs: number;
}

/** What a recorded flow run lost between its steps, and before ends of actions were noticed. */
export function lostInRecord({ steps }: RecordedRun): Lost {
  const gaps = steps
    .slice(1)
    .map((step, index) => step.startSeconds - (steps[index]?.endSeconds ?? 0));
  const late = steps.map(({ startSeconds, endSeconds, actionSeconds }) =>
    actionSeconds === null ? 0 : Math.max(0, endSeconds - startSeconds - actionSeconds),
  );
  const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0);
  return { betweenMs: 1000 * sum(gaps), unnoticedMs: 1000 * sum(late) };
}
