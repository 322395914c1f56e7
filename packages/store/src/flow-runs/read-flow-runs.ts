import type { FlowLogEntry, FlowRun, FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { urgencyOf } from '../jobs/job-row.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

interface FlowRunRow extends Omit<FlowRun, 'urgency'> {
  urgency: number;
  ownerId: string;
}

/** A flow run with its owner's id, for the decision about access. */
export interface OwnedFlowRun extends FlowRun {
  ownerId: string;
}

const columns = `r.id, r.flow_name as "flowName", r.flow_version as "flowVersion", r.label,
  r.project, coalesce(u.name, r.owner_id) as owner, r.owner_id as "ownerId", r.status, r.reason,
  r.state_name as "stateName", r.urgency, r.deadline_at as "deadlineAt", r.instrument,
  r.shot_number as "shotNumber", r.dataset_id as "datasetId",
  r.result_dataset_id as "resultDatasetId", r.tags, r.started_at as "startedAt",
  r.ended_at as "endedAt", r.steps_done as "stepsDone", r.steps_total as "stepsTotal"`;
const source = 'from flow_runs r left join users u on u.id = r.owner_id';

const runOf = (row: FlowRunRow): OwnedFlowRun => ({ ...row, urgency: urgencyOf(row.urgency) });

const selectOne = statement<FlowRunRow, [string]>(
  'get_flow_run',
  `select ${columns} ${source} where r.id = $1`,
);

/** One flow run, or undefined. */
export async function findFlowRun(db: Executor, id: string): Promise<OwnedFlowRun | undefined> {
  const [row] = await db.run(selectOne, id);
  return row && runOf(row);
}

/** Which flow runs; all conditions hold together. */
export interface FlowRunFilter {
  projects: readonly string[] | null;
  filter: 'all' | 'active' | 'waiting' | 'failed' | 'completed';
  ownerId?: string | undefined;
  flow?: string | undefined;
  project?: string | undefined;
  instrument?: string | undefined;
  label?: string | undefined;
  before?: string | undefined;
  limit: number;
}

/** A run waits when its step's work has not begun, a timer runs, or a person is needed. */
const isWaiting = `(r.status = 'INACTIVE' or (r.status = 'ACTIVE' and (r.wake_at is not null
    and not exists (select from flow_steps s where s.flow_run_id = r.id and s.status = 'active'
      and (s.job_id is not null or s.transfer_id is not null))
  or exists (select from flow_steps s left join jobs j on j.id = s.job_id
    left join transfers t on t.id = s.transfer_id
    where s.flow_run_id = r.id and s.status = 'active'
      and (j.state in ('waiting', 'queued', 'placed', 'ready') or t.state = 'queued')))))`;

const filters: Record<FlowRunFilter['filter'], string | null> = {
  all: null,
  active: `r.status = 'ACTIVE'`,
  waiting: isWaiting,
  failed: `r.status in ('FAILED', 'ENDED')`,
  completed: `r.status = 'SUCCEEDED'`,
};

/** Flow runs, newest first. */
export async function listFlowRuns(db: Executor, filter: FlowRunFilter): Promise<OwnedFlowRun[]> {
  const conditions = new Conditions();
  const quick = filters[filter.filter];
  if (quick !== null) conditions.always(quick);
  conditions.add('r.project = any(?::text[])', filter.projects);
  conditions.add('r.owner_id = ?', filter.ownerId);
  conditions.add('r.flow_name = ?', filter.flow);
  conditions.add('r.project = ?', filter.project);
  conditions.add('r.instrument = ?', filter.instrument);
  conditions.add('strpos(lower(r.label), lower(?)) > 0', filter.label);
  conditions.add('r.id < ?', filter.before);
  const limit = conditions.parameter(filter.limit);
  const text = `select ${columns} ${source} ${conditions.where} order by r.id desc limit ${limit}`;
  return (await db.query<FlowRunRow>(text, conditions.values)).map(runOf);
}

/** The steps of a flow run in order. */
export async function listFlowSteps(db: Executor, flowRunId: string): Promise<FlowStep[]> {
  return db.query<FlowStep>(
    `select sequence, state_name as "stateName", state_type as "stateType", status, provider,
       job_id as "jobId", transfer_id as "transferId", input, result, reason,
       started_at as "startedAt", ended_at as "endedAt"
     from flow_steps where flow_run_id = $1 order by sequence`,
    [flowRunId],
  );
}

/** A flow run's log after a line, in order. */
export async function listFlowLog(
  db: Executor,
  flowRunId: string,
  after: number,
  limit: number,
): Promise<FlowLogEntry[]> {
  return db.query<FlowLogEntry>(
    `select sequence, at, code, description, details from flow_log
     where flow_run_id = $1 and sequence > $2 order by sequence limit $3`,
    [flowRunId, after, limit],
  );
}

/** The input of a flow run, and its state document with what of it is private. */
export async function readFlowDocuments(
  db: Executor,
  flowRunId: string,
): Promise<{ input: JsonObject; data: JsonObject; privatePaths: (string | number)[][] }> {
  const [row] = await db.query<{
    input: JsonObject;
    data: JsonObject;
    privatePaths: (string | number)[][];
  }>(
    `select input, run->'data' as data, run->'privatePaths' as "privatePaths"
     from flow_runs where id = $1`,
    [flowRunId],
  );
  return row ?? { input: {}, data: {}, privatePaths: [] };
}
