import type { InstrumentRun } from '@interpulse/domain/instrument/instrument.ts';
import {
  identityOf,
  mergeParameters,
  type RunEvent,
  type SetParameter,
} from '@interpulse/domain/instrument/run-event.ts';
import {
  mergeResults,
  type ResultReport,
  type ResultSource,
  type RunResult,
} from '@interpulse/domain/instrument/run-result.ts';
import { runLimits } from '@interpulse/domain/instrument/run-limits.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { shotColumns, shotOf, type ShotRow } from './instruments.ts';

const claim = statement<{ run: number }, unknown[]>(
  'claim_run_event',
  `insert into run_events
     (instrument, run, kind, event_id, at, received_at, parameters, next_shot_at)
   values ($1, $2, $3, $4, $5::timestamptz, $6::timestamptz, $7::jsonb, $8::timestamptz)
   on conflict do nothing returning run`,
);

interface KeptRun {
  parameters: Record<string, SetParameter>;
  results: RunResult[];
  takenAt: string;
  endedAt: string | null;
}

const lockRun = statement<KeptRun, [string, number, string]>(
  'lock_run',
  `insert into shots (instrument, number, taken_at) values ($1, $2, $3::timestamptz)
   on conflict (instrument, number) do update set number = excluded.number
   returning parameters, results, taken_at as "takenAt", ended_at as "endedAt"`,
);

const noteEvent = statement<never, unknown[]>(
  'note_run_event',
  `with clock as (
      update instruments set
        last_shot_number = case when $3 in ('runStarted', 'shotTaken')
          then greatest(last_shot_number, $2) else last_shot_number end,
        last_shot_at = case when $3 in ('runStarted', 'shotTaken')
          and coalesce(last_shot_number, -1) <= $2 then $4::timestamptz else last_shot_at end,
        next_shot_at = case when $3 in ('shotTaken', 'nextShotDue')
          and coalesce(last_shot_number, -1) <= $2 then $6::timestamptz else next_shot_at end
      where name = $1 and $3 in ('runStarted', 'shotTaken', 'nextShotDue')),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, actor, data)
      values ($7::timestamptz, $8, 'instrument', $1, null, $9,
        jsonb_build_object('number', $2::bigint, 'nextShotAt', $6::timestamptz)))
   update shots set parameters = $5::jsonb,
     taken_at = case when $3 in ('runStarted', 'shotTaken') then $4::timestamptz else taken_at end,
     ended_at = case when $3 = 'runEnded' then $4::timestamptz else ended_at end,
     closed_at = case when $3 = 'runEnded' then coalesce(closed_at, $4::timestamptz)
       else closed_at end,
     deadline_at = case when $3 in ('shotTaken', 'nextShotDue')
       then coalesce($6::timestamptz, deadline_at) else deadline_at end
   where instrument = $1 and number = $2`,
);

const eventKinds = {
  runStarted: 'run.started',
  runEnded: 'run.ended',
  parametersSet: 'run.parametersSet',
  shotTaken: 'shot.taken',
  nextShotDue: 'shot.due',
} as const;

/** What noting an event found out. */
export interface NotedRunEvent {
  /** False when it was known: nothing was changed, and nothing follows from it. */
  isNew: boolean;
  /** All parameters of the run by now. */
  parameters: JsonObject;
  /** Those that this event gave the value that they have now. */
  changed: string[];
  /** The parameters as they were before. */
  previous: JsonObject;
  startedAt: string;
  endedAt: string | null;
}

/**
 * Notes what was said of a run, once for (instrument, run, kind, id).
 *
 * @throws DomainError `exhausted`, when the run has too many parameters.
 */
export async function noteRunEvent(
  tx: Executor,
  instrument: string,
  event: RunEvent,
  source: { at: string; by: string | null },
): Promise<NotedRunEvent> {
  const { kind, run, at, nextShotAt } = event;
  const given = jsonb(event.parameters);
  const identity = [instrument, run, kind, identityOf(event)];
  const claimed = await tx.run(claim, ...identity, at, source.at, given, nextShotAt);
  const [kept] = await tx.run(lockRun, instrument, run, at);
  if (kept === undefined) throw new Error(`run ${run} of ${instrument} was not kept`);
  const previous = valuesOf(kept.parameters);
  const { takenAt: startedAt, endedAt } = kept;
  if (claimed.length === 0) {
    return { isNew: false, parameters: previous, changed: [], previous, startedAt, endedAt };
  }
  const merged = mergeParameters(kept.parameters, event.parameters, at);
  if (Object.keys(merged).length > runLimits.parameters) {
    const most = `it may have ${runLimits.parameters}`;
    throw new DomainError('exhausted', `run ${run} of ${instrument} has more parameters: ${most}`);
  }
  const told = [source.at, eventKinds[kind], source.by];
  await tx.run(noteEvent, instrument, run, kind, at, jsonb(merged), nextShotAt, ...told);
  return {
    isNew: true,
    parameters: valuesOf(merged),
    changed: Object.keys(event.parameters).filter((name) => merged[name] !== kept.parameters[name]),
    previous,
    startedAt: kind === 'runStarted' || kind === 'shotTaken' ? at : startedAt,
    endedAt: kind === 'runEnded' ? at : endedAt,
  };
}

const takeUp = statement<never, [string, number, string]>(
  'run_taken_up',
  `update shots set flow_run_id = coalesce(flow_run_id, $3) where instrument = $1 and number = $2`,
);

/** Notes the flow run that a run's start, end or parameters began; the first one stays. */
export async function noteRunTakenUp(
  tx: Executor,
  run: { instrument: string; number: number },
  flowRunId: string,
): Promise<void> {
  await tx.run(takeUp, run.instrument, run.number, flowRunId);
}

const saveResults = statement<never, unknown[]>(
  'save_run_results',
  `with history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, actor, data)
      values ($4::timestamptz, 'run.resultsReported', 'instrument', $1, null, $5, $6,
        jsonb_build_object('number', $2::bigint, 'keys', $7::jsonb)))
   update shots set results = $3::jsonb where instrument = $1 and number = $2`,
);

/**
 * Merges results into those of a run, by key.
 *
 * @throws DomainError `exhausted`, when the run has too many results.
 */
export async function reportResults(
  tx: Executor,
  run: { instrument: string; number: number },
  reports: readonly ResultReport[],
  source: ResultSource,
): Promise<RunResult[]> {
  const { instrument, number } = run;
  const [kept] = await tx.run(lockRun, instrument, number, source.at);
  const results = mergeResults(kept?.results ?? [], reports, source);
  if (results.length > runLimits.results) {
    const most = `it may have ${runLimits.results}, by their keys`;
    throw new DomainError('exhausted', `run ${number} of ${instrument} has more results: ${most}`);
  }
  const keys = jsonb([...new Set(reports.map(({ key }) => key))]);
  const { at, flowRunId, by } = source;
  await tx.run(saveResults, instrument, number, jsonb(results), at, flowRunId, by, keys);
  return results;
}

const belongs = statement<{ belongs: boolean }, [string, number, readonly string[]]>(
  'run_belongs_to',
  `select exists (select from flow_runs where instrument = $1 and shot_number = $2
     and project = any($3::text[])) as belongs`,
);

/** Whether a flow run of one of these projects works, or has worked, on a run. */
export async function isRunOfProjects(
  db: Executor,
  run: { instrument: string; number: number },
  projects: readonly string[],
): Promise<boolean> {
  const [row] = await db.run(belongs, run.instrument, run.number, projects);
  return row?.belongs ?? false;
}

/** The flow run that a job belongs to, or null. */
export async function flowRunOfJob(db: Executor, jobId: string): Promise<string | null> {
  const text = 'select flow_run_id as "flowRunId" from jobs where id = $1';
  const [job] = await db.query<{ flowRunId: string | null }>(text, [jobId]);
  return job?.flowRunId ?? null;
}

type RunRow = ShotRow & {
  flowProject: string | null;
  endedAt: string | null;
  parameters: Record<string, SetParameter>;
  results: RunResult[];
};

/** Runs of an instrument, newest first, each with the project of its flow run. */
export async function listRuns(
  db: Executor,
  filter: { instrument: string; before?: number | undefined; only?: number; limit: number },
): Promise<(InstrumentRun & { flowProject: string | null })[]> {
  const rows = await db.query<RunRow>(
    `select ${shotColumns}, r.project as "flowProject", s.ended_at as "endedAt", s.parameters,
       s.results
     from shots s left join flow_runs r on r.id = s.flow_run_id
     where s.instrument = $1 and ($2::bigint is null or s.number < $2)
       and ($3::bigint is null or s.number = $3)
     order by s.number desc limit $4`,
    [filter.instrument, filter.before ?? null, filter.only ?? null, filter.limit],
  );
  return rows.map(({ flowProject, endedAt, parameters, results, ...row }) => ({
    ...shotOf(row),
    endedAt,
    parameters: valuesOf(parameters),
    results,
    flowProject,
  }));
}

function valuesOf(parameters: Record<string, SetParameter>): JsonObject {
  return Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value]));
}
