import type { FlowLogLine, FlowProgress } from '@interpulse/domain/flow/flow-progress.ts';
import type { FlowRunId } from '@interpulse/domain/id.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Urgency } from '@interpulse/domain/job/urgency.ts';
import { urgencyNumber, urgencyOf } from '../jobs/job-row.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** A flow run to be written, before its first event. */
export interface NewFlowRun {
  id: FlowRunId;
  flowName: string;
  flowVersion: number;
  label: string;
  project: string;
  ownerId: string;
  urgency: Urgency;
  deadlineAt: string | null;
  instrument: string | null;
  shotNumber: number | null;
  datasetId: string | null;
  tags: Record<string, string>;
  input: JsonObject;
  progress: FlowProgress;
  stepsTotal: number;
}

const insert = statement<never, unknown[]>(
  'insert_flow_run',
  `insert into flow_runs (id, flow_name, flow_version, label, project, owner_id, status, urgency,
     deadline_at, instrument, shot_number, dataset_id, tags, input, run, steps_total, started_at)
   values ($1, $2, $3, $4, $5, $6, 'ACTIVE', $7, $8, $9, $10, $11, $12::jsonb, $13::jsonb,
     $14::jsonb, $15, $16::timestamptz)`,
);

/** Writes a new flow run; `saveProgress` follows in the same transaction. */
export async function insertFlowRun(tx: Executor, run: NewFlowRun, at: string): Promise<void> {
  await tx.run(
    insert,
    run.id,
    run.flowName,
    run.flowVersion,
    run.label,
    run.project,
    run.ownerId,
    urgencyNumber(run.urgency),
    run.deadlineAt,
    run.instrument,
    run.shotNumber,
    run.datasetId,
    jsonb(run.tags),
    jsonb(run.input),
    jsonb(run.progress),
    run.stepsTotal,
    at,
  );
}

/** A flow run as advancing it needs it. */
export interface LockedFlowRun {
  id: FlowRunId;
  flowName: string;
  flowVersion: number;
  label: string;
  project: string;
  ownerId: string;
  urgency: Urgency;
  deadlineAt: string | null;
  instrument: string | null;
  shotNumber: number | null;
  datasetId: string | null;
  progress: FlowProgress;
  revision: number;
}

const lock = statement<Omit<LockedFlowRun, 'urgency'> & { urgency: number }, [string]>(
  'lock_flow_run',
  `select id, flow_name as "flowName", flow_version as "flowVersion", label, project,
     owner_id as "ownerId", urgency, deadline_at as "deadlineAt", instrument,
     shot_number as "shotNumber", dataset_id as "datasetId", run as progress, revision
   from flow_runs where id = $1 for update`,
);

/** Reads a flow run and locks it until the transaction ends: one event at a time. */
export async function lockFlowRun(tx: Executor, id: string): Promise<LockedFlowRun | undefined> {
  const [row] = await tx.run(lock, id);
  return row && { ...row, urgency: urgencyOf(row.urgency) };
}

/** A change of one step: a new one, or the end of an old one. */
export interface StepChange {
  sequence: number;
  stateName: string;
  stateType: string;
  status: 'active' | 'succeeded' | 'failed' | 'canceled';
  provider: string | null;
  jobId: string | null;
  transferId: string | null;
  input: unknown;
  result: unknown;
  reason: string | null;
  startedAt: string;
  endedAt: string | null;
}

/** What one event did to a flow run, as it is stored. */
export interface ProgressChange {
  id: string;
  project: string;
  flowName: string;
  progress: FlowProgress;
  stateName: string | null;
  reason: string | null;
  /** The earliest timer; null when none runs. */
  wakeAt: string | null;
  /** Actions that ended well by this event. */
  stepsDone: number;
  resultDatasetId: string | null;
  steps: StepChange[];
  log: FlowLogLine[];
  at: string;
}

const save = statement<never, unknown[]>(
  'save_flow_progress',
  `with changed as (
      update flow_runs set run = $2::jsonb, status = $3, state_name = $4, reason = $5,
        wake_at = $6::timestamptz, steps_done = steps_done + $7,
        steps_total = case when $3 = 'SUCCEEDED' then steps_done + $7 else steps_total end,
        ended_at = $8::timestamptz,
        result_dataset_id = coalesce($9, result_dataset_id), revision = $10
      where id = $1 returning id),
    steps as (
      insert into flow_steps as s (flow_run_id, sequence, state_name, state_type, status, provider,
        job_id, transfer_id, input, result, reason, started_at, ended_at)
      select $1, sequence, "stateName", "stateType", status, provider, "jobId", "transferId",
        coalesce(input, 'null'), coalesce(result, 'null'), reason, "startedAt", "endedAt"
      from jsonb_to_recordset($11::jsonb) as r(sequence integer, "stateName" text,
        "stateType" text, status text, provider text, "jobId" text, "transferId" text, input jsonb,
        result jsonb, reason text, "startedAt" timestamptz, "endedAt" timestamptz)
      on conflict (flow_run_id, sequence) do update set status = excluded.status,
        job_id = coalesce(excluded.job_id, s.job_id),
        transfer_id = coalesce(excluded.transfer_id, s.transfer_id), result = excluded.result,
        reason = excluded.reason, ended_at = excluded.ended_at),
    log as (
      insert into flow_log (flow_run_id, sequence, at, code, description, details)
      select $1, n + coalesce((select max(sequence) from flow_log where flow_run_id = $1), 0),
        l.at, l.code, l.description, coalesce(l.details, '{}')
      from rows from (jsonb_to_recordset($12::jsonb) as (at timestamptz, code text,
        description text, details jsonb)) with ordinality as l(at, code, description, details, n)),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
      values ($13::timestamptz, $14, 'flowRun', $1, $15, $1, $16::jsonb))
  select`,
);

/** Writes what one event did: row, steps, log and history in one statement. */
export async function saveProgress(
  tx: Executor,
  change: ProgressChange,
  revision: number,
): Promise<void> {
  const { progress } = change;
  const kind = `flowRun.${progress.endedAt === null ? 'advanced' : progress.status.toLowerCase()}`;
  const data = { flow: change.flowName, state: change.stateName, status: progress.status };
  await tx.run(
    save,
    change.id,
    jsonb(progress),
    progress.status,
    change.stateName,
    change.reason,
    change.wakeAt,
    change.stepsDone,
    progress.endedAt,
    change.resultDatasetId,
    revision,
    jsonb(change.steps),
    jsonb(change.log),
    change.at,
    kind,
    change.project,
    jsonb(data),
  );
}

/** A step that still waits although what it waits for has ended (a hub died in between). */
export interface UnnoticedStep {
  flowRunId: string;
  sequence: number;
  jobId: string | null;
  transferId: string | null;
}

const unnoticed = statement<UnnoticedStep, [number]>(
  'unnoticed_steps',
  `select s.flow_run_id as "flowRunId", s.sequence, s.job_id as "jobId",
     s.transfer_id as "transferId"
   from flow_runs r join flow_steps s on s.flow_run_id = r.id and s.status = 'active'
   left join jobs j on j.id = s.job_id left join transfers t on t.id = s.transfer_id
   where r.status = 'ACTIVE' and (j.state in ('completed', 'failed', 'canceled')
     or t.state in ('succeeded', 'failed', 'canceled')) limit $1`,
);

/** Steps whose end was not noticed. */
export async function unnoticedSteps(db: Executor, limit: number): Promise<UnnoticedStep[]> {
  return db.run(unnoticed, limit);
}

const due = statement<{ id: string }, [string, number]>(
  'due_flow_runs',
  `select id from flow_runs where status = 'ACTIVE' and wake_at <= $1::timestamptz
   order by wake_at limit $2`,
);

/** Flow runs of which a timer is due. */
export async function dueFlowRuns(db: Executor, now: string, limit: number): Promise<string[]> {
  return (await db.run(due, now, limit)).map((row) => row.id);
}

const next = statement<{ at: string | null }>(
  'next_flow_timer',
  `select min(wake_at) as at from flow_runs where status = 'ACTIVE' and wake_at is not null`,
);

/** When the next timer of any flow run is due; null when none runs. */
export async function nextFlowTimerAt(db: Executor): Promise<string | null> {
  return (await db.run(next))[0]?.at ?? null;
}

const refs = statement<{ jobId: string | null; transferId: string | null }, [string, number]>(
  'step_refs',
  `select job_id as "jobId", transfer_id as "transferId" from flow_steps
   where flow_run_id = $1 and sequence = $2`,
);

/** The job or transfer that a step waits for; both null when it waits for neither. */
export async function stepRefs(
  db: Executor,
  flowRunId: string,
  step: number,
): Promise<{ jobId: string | null; transferId: string | null }> {
  return (await db.run(refs, flowRunId, step))[0] ?? { jobId: null, transferId: null };
}
