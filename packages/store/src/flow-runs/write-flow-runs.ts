import type { FlowLogLine } from '@interpulse/domain/flow/flow-progress.ts';
import type { FlowCore } from '@interpulse/domain/flow/flow-view.ts';
import type { EnsembleId, FlowRunId } from '@interpulse/domain/id.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Urgency } from '@interpulse/domain/job/urgency.ts';
import { urgencyNumber } from '../jobs/job-row.ts';
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

/** A change of one step: a new one, or the end of an old one. */
export interface StepChange {
  sequence: number;
  stateName: string;
  stateType: string;
  status: 'active' | 'succeeded' | 'failed' | 'canceled';
  provider: string | null;
  jobId: string | null;
  ensembleId: EnsembleId | null;
  transferId: string | null;
  input: unknown;
  result: unknown;
  reason: string | null;
  startedAt: string;
  endedAt: string | null;
}

/** What one turn did to a flow run, as it is stored. */
export interface ProgressChange {
  id: string;
  revision: number;
  project: string;
  flowName: string;
  core: FlowCore;
  /** The state document when it has changed, else null. */
  data: JsonObject | null;
  /** The document in the row, of which nothing is written again; null when nobody knows it. */
  dataBefore: JsonObject | null;
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

const save = statement<never, [string, string, string]>(
  'save_flow_progress',
  `with runs as materialized (
      select * from rows from (jsonb_to_recordset($1::jsonb) as (id text, run jsonb, status text,
        state text, reason text, wake_at timestamptz, data jsonb, members jsonb, revision integer,
        done integer, ended_at timestamptz, result_dataset_id text, kind text, project text,
        told jsonb, at timestamptz)) with ordinality as r(id, run, status, state, reason, wake_at,
        data, members, revision, done, ended_at, result_dataset_id, kind, project, told, at, n)),
    changed as (
      update flow_runs f set run = r.run, status = r.status, state_name = r.state,
        reason = r.reason,
        -- Left as it is while it comes early enough: the row's indexes stay as they are. Who wakes
        -- for nothing moves it.
        wake_at = case when f.wake_at <= r.wake_at then f.wake_at else r.wake_at end,
        data = case when r.members is null then coalesce(r.data, f.data) else f.data || r.members
          end,
        data_revision = case when r.data is null and r.members is null then f.data_revision
          else r.revision end,
        steps_done = f.steps_done + r.done,
        steps_total = case when r.status = 'SUCCEEDED' then f.steps_done + r.done
          else f.steps_total end,
        ended_at = r.ended_at,
        result_dataset_id = coalesce(r.result_dataset_id, f.result_dataset_id),
        revision = r.revision
      from runs r where f.id = r.id),
    steps as (
      insert into flow_steps as s (flow_run_id, sequence, state_name, state_type, status, provider,
        job_id, ensemble_id, transfer_id, input, result, reason, started_at, ended_at)
      select "flowRunId", sequence, "stateName", "stateType", status, provider, "jobId",
        "ensembleId", "transferId", coalesce(input, 'null'), coalesce(result, 'null'), reason,
        "startedAt", "endedAt"
      from jsonb_to_recordset($2::jsonb) as r("flowRunId" text, sequence integer, "stateName" text,
        "stateType" text, status text, provider text, "jobId" text, "ensembleId" text,
        "transferId" text, input jsonb, result jsonb, reason text, "startedAt" timestamptz,
        "endedAt" timestamptz)
      on conflict (flow_run_id, sequence) do update set status = excluded.status,
        job_id = coalesce(excluded.job_id, s.job_id),
        ensemble_id = coalesce(excluded.ensemble_id, s.ensemble_id),
        transfer_id = coalesce(excluded.transfer_id, s.transfer_id), result = excluded.result,
        reason = excluded.reason, ended_at = excluded.ended_at),
    lasts as materialized (
      select jsonb_object_agg(id, coalesce((
        select max(sequence) from flow_log where flow_run_id = r.id), 0)) as by_id from runs r),
    log as (
      insert into flow_log (flow_run_id, sequence, at, code, description, details)
      select l.id, l.n + (lasts.by_id ->> l.id)::integer, l.at, l.code, l.description,
        coalesce(l.details, '{}')
      from lasts, jsonb_to_recordset($3::jsonb) as l(id text, n integer, at timestamptz, code text,
        description text, details jsonb)),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
      select at, kind, 'flowRun', id, project, id, told from runs order by n)
  select`,
);

/** Writes what turns did to flow runs, one of each: rows, steps, log and history at once. */
export async function saveProgress(
  tx: Executor,
  changes: readonly ProgressChange[],
): Promise<void> {
  const runs = changes.map(({ core, ...change }) => ({
    id: change.id,
    run: core,
    status: core.status,
    state: change.stateName ?? undefined,
    reason: change.reason ?? undefined,
    wake_at: change.wakeAt ?? undefined,
    ...documentOf(change),
    revision: change.revision,
    done: change.stepsDone,
    ended_at: core.endedAt ?? undefined,
    result_dataset_id: change.resultDatasetId ?? undefined,
    kind: `flowRun.${core.endedAt === null ? 'advanced' : core.status.toLowerCase()}`,
    project: change.project,
    told: { flow: change.flowName, state: change.stateName, status: core.status },
    at: change.at,
  }));
  const steps = changes.flatMap((change) =>
    change.steps.map((step) => ({ ...step, flowRunId: change.id })),
  );
  const log = changes.flatMap(({ id, log: lines }) =>
    lines.map(({ at, code, description, details }, index) => {
      return { id, n: index + 1, at, code, description, details };
    }),
  );
  await tx.run(save, jsonb(runs), jsonb(steps), jsonb(log));
}

/** What is written of a document: its members that have changed, or all of it. */
function documentOf({
  data,
  dataBefore,
}: Pick<ProgressChange, 'data' | 'dataBefore'>):
  { data: JsonObject } | { members: JsonObject } | null {
  if (data === null) return null;
  if (dataBefore === null) return { data };
  if (Object.keys(dataBefore).some((name) => !Object.hasOwn(data, name))) return { data };
  const changed = Object.entries(data).filter(
    ([name, value]) => !Object.hasOwn(dataBefore, name) || dataBefore[name] !== value,
  );
  return { members: Object.fromEntries(changed) };
}

/** A step that still waits although what it waits for has ended (a hub died in between). */
export interface UnnoticedStep {
  flowRunId: string;
  sequence: number;
  /** Of several, one of them. */
  jobId: string | null;
  transferId: string | null;
}

const unnoticed = statement<UnnoticedStep, [number]>(
  'unnoticed_steps',
  // Those that are open first, and alone: beside them lie all that ever ran.
  `with open as materialized (
     select id from flow_runs where status in ('ACTIVE', 'INACTIVE'))
   select s.flow_run_id as "flowRunId", s.sequence, s.transfer_id as "transferId",
     coalesce(s.job_id, (select min(id) from jobs where ensemble_id = s.ensemble_id)) as "jobId"
   from open r join flow_steps s on s.flow_run_id = r.id and s.status = 'active'
   left join jobs j on j.id = s.job_id left join transfers t on t.id = s.transfer_id
   where (j.state in ('completed', 'failed', 'canceled')
     or t.state in ('succeeded', 'failed', 'canceled')
     or s.ensemble_id is not null and not exists (
       select from jobs e where e.ensemble_id = s.ensemble_id and e.ended_at is null)) limit $1`,
);

/** Steps whose end was not noticed. */
export async function unnoticedSteps(db: Executor, limit: number): Promise<UnnoticedStep[]> {
  return db.run(unnoticed, limit);
}

/** What a step waits for; all null when it is neither a job, nor several, nor a transfer. */
export interface StepRefs {
  step: number;
  jobId: string | null;
  ensembleId: EnsembleId | null;
  transferId: string | null;
}

const refs = statement<StepRefs, [string, readonly number[]]>(
  'step_refs',
  `select sequence as step, job_id as "jobId", ensemble_id as "ensembleId",
     transfer_id as "transferId" from flow_steps
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
