import type { FlowLogLine } from '@interpulse/domain/flow/flow-progress.ts';
import type { FlowCore } from '@interpulse/domain/flow/flow-view.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
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
  core: FlowCore;
  stepsTotal: number;
  managers?: readonly string[] | undefined;
  monitors?: readonly string[] | undefined;
  /** The name of the trigger that starts it. */
  trigger?: string | null | undefined;
  batchId?: string | null | undefined;
  rerun?: NewRerun | null | undefined;
}

/** What a flow run does again. */
export interface NewRerun {
  of: string;
  /** Where it begins, with the state document; null from the start. */
  from: { step: number; state: string; document: JsonObject; stepsDone: number } | null;
}

const insert = statement<never, unknown[]>(
  'insert_flow_run',
  `insert into flow_runs (id, flow_name, flow_version, label, project, owner_id, status, urgency,
     deadline_at, instrument, shot_number, dataset_id, tags, input, run, steps_total, started_at,
     managers, monitors, trigger_name, batch_id, rerun_of, rerun_step, start_state, start_document,
     steps_done)
   values ($1, $2, $3, $4, $5, $6, 'ACTIVE', $7, $8, $9, $10, $11, $12::jsonb, $13::jsonb,
     $14::jsonb, $15, $16::timestamptz, $17, $18, $19, $20, $21, $22, $23, $24::jsonb, $25)`,
);

/** Writes a new flow run; `saveProgress` follows in the same transaction. */
export async function insertFlowRun(tx: Executor, run: NewFlowRun, at: string): Promise<void> {
  const from = run.rerun?.from;
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
    jsonb(run.core),
    run.stepsTotal,
    at,
    run.managers ?? [],
    run.monitors ?? [],
    run.trigger ?? null,
    run.batchId ?? null,
    run.rerun?.of ?? null,
    from?.step ?? null,
    from?.state ?? null,
    from ? jsonb(from.document) : null,
    from?.stepsDone ?? 0,
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
  core: FlowCore;
  /** The state document. */
  data: JsonObject;
  /** The revision that wrote the document. */
  dataRevision: number;
  revision: number;
  /** Who started it, where that was read with it. */
  principal?: Principal | undefined;
}

type LockedRow = Omit<LockedFlowRun, 'urgency' | 'data'> & {
  urgency: number;
  data: JsonObject | null;
};

const lock = statement<LockedRow, [string, number]>(
  'lock_flow_run',
  `select id, flow_name as "flowName", flow_version as "flowVersion", label, project,
     owner_id as "ownerId", urgency, deadline_at as "deadlineAt", instrument,
     shot_number as "shotNumber", dataset_id as "datasetId", run as core, revision,
     data_revision as "dataRevision", case when data_revision <> $2 then data end as data
   from flow_runs where id = $1 for update`,
);

/**
 * Reads a flow run and locks it until the transaction ends: one event at a time. The document is
 * not read when it is the one that is known: it may be megabytes, and changes now and then.
 */
export async function lockFlowRun(
  tx: Executor,
  id: string,
  known: { revision: number; data: JsonObject } = { revision: -1, data: {} },
): Promise<LockedFlowRun | undefined> {
  const [row] = await tx.run(lock, id, known.revision);
  return row && { ...row, urgency: urgencyOf(row.urgency), data: row.data ?? known.data };
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
  core: FlowCore;
  /** The state document when it has changed, else null. */
  data: JsonObject | null;
  stateName: string | null;
  reason: string | null;
  /** The timer of the flow itself, not of its branches; null when none runs. */
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
        -- Left as it is while it comes early enough: the row's indexes stay as they are. Who wakes
        -- for nothing moves it.
        wake_at = case when wake_at <= $6::timestamptz then wake_at else $6::timestamptz end,
        data = coalesce($17::jsonb, data),
        data_revision = case when $17::jsonb is null then data_revision else $10 end,
        steps_done = steps_done + $7,
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
  const { core } = change;
  const kind = `flowRun.${core.endedAt === null ? 'advanced' : core.status.toLowerCase()}`;
  const told = { flow: change.flowName, state: change.stateName, status: core.status };
  await tx.run(
    save,
    change.id,
    jsonb(core),
    core.status,
    change.stateName,
    change.reason,
    change.wakeAt,
    change.stepsDone,
    core.endedAt,
    change.resultDatasetId,
    revision,
    jsonb(change.steps),
    jsonb(change.log),
    change.at,
    kind,
    change.project,
    jsonb(told),
    change.data && jsonb(change.data),
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
   where r.status in ('ACTIVE', 'INACTIVE') and (j.state in ('completed', 'failed', 'canceled')
     or t.state in ('succeeded', 'failed', 'canceled')) limit $1`,
);

/** Steps whose end was not noticed. */
export async function unnoticedSteps(db: Executor, limit: number): Promise<UnnoticedStep[]> {
  return db.run(unnoticed, limit);
}

/** What a step waits for; both null when it is neither a job nor a transfer. */
export interface StepRefs {
  step: number;
  jobId: string | null;
  transferId: string | null;
}

const refs = statement<StepRefs, [string, readonly number[]]>(
  'step_refs',
  `select sequence as step, job_id as "jobId", transfer_id as "transferId" from flow_steps
   where flow_run_id = $1 and sequence = any($2::integer[])`,
);

/** The jobs and transfers that steps wait for. */
export async function stepRefs(
  db: Executor,
  flowRunId: string,
  steps: readonly number[],
): Promise<StepRefs[]> {
  return steps.length === 0 ? [] : db.run(refs, flowRunId, steps);
}
