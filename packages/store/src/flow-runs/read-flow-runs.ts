import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import type { BranchWait } from '@interpulse/domain/flow/flow-progress.ts';
import type { FlowLogEntry, FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { urgencyOf } from '../jobs/job-row.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** Where an open flow run stands, for who foretells its end. */
export interface FlowRunStanding {
  branches: { path: unknown[]; state: string; enteredAt: string; wait: BranchWait | null }[];
  /** Visits per state. */
  visits: Record<string, number>;
  /** What earlier runs had taught when it began. */
  expected: unknown;
}

type StoredFlowRun = Omit<FlowRun, 'predictedFinishAt'>;

interface FlowRunRow extends Omit<StoredFlowRun, 'urgency'> {
  urgency: number;
  ownerId: string;
  runManagers: string[];
  runMonitors: string[];
  standing: FlowRunStanding | null;
}

/** A flow run with what the decision about access needs besides. */
export interface OwnedFlowRun extends StoredFlowRun {
  /** Null when it has ended. */
  standing: FlowRunStanding | null;
  ownerId: string;
  /** Of its flow. */
  runManagers: string[];
  runMonitors: string[];
}

/** What is read of a flow run, from {@link flowRunSource}. */
export const flowRunColumns = `r.id, r.flow_name as "flowName", r.flow_version as "flowVersion",
  r.label, r.project, coalesce(u.name, r.owner_id) as owner, r.owner_id as "ownerId", r.status,
  case when r.status = 'INACTIVE' then (select w.id from web_inputs w where w.flow_run_id = r.id
    and w.status = 'open' and w.waiting_steps <> '{}' order by w.id limit 1)
    end as "blockingWebInputId",
  r.reason, r.state_name as "stateName", r.urgency, r.deadline_at as "deadlineAt", r.instrument,
  r.shot_number as "shotNumber", r.dataset_id as "datasetId",
  r.result_dataset_id as "resultDatasetId", r.tags, r.managers, r.monitors,
  r.trigger_name as trigger, r.batch_id as "batchId", r.rerun_of as "rerunOf",
  r.start_state as "startState", r.started_at as "startedAt", r.ended_at as "endedAt",
  r.steps_done as "stepsDone", r.steps_total as "stepsTotal",
  case when r.ended_at is null then jsonb_build_object('branches', r.run -> 'branches',
    'visits', r.run -> 'visits', 'expected', r.run -> 'context' -> 'expected') end as standing,
  coalesce(f.run_managers, '{}') as "runManagers", coalesce(f.run_monitors, '{}') as "runMonitors"`;

/** The tables of {@link flowRunColumns}. */
export const flowRunSource = `from flow_runs r left join users u on u.id = r.owner_id
  left join flows f on f.name = r.flow_name`;

/** A flow run from its row. */
export const flowRunOf = (row: FlowRunRow): OwnedFlowRun => ({
  ...row,
  urgency: urgencyOf(row.urgency),
});

const selectOne = statement<FlowRunRow, [string]>(
  'get_flow_run',
  `select ${flowRunColumns} ${flowRunSource} where r.id = $1`,
);

/** One flow run, or undefined. */
export async function findFlowRun(db: Executor, id: string): Promise<OwnedFlowRun | undefined> {
  const [row] = await db.run(selectOne, id);
  return row && flowRunOf(row);
}

/** Which lines of a log. */
export interface FlowLogPage {
  /** Lines behind this one in the order asked for; undefined from the first on. */
  after?: number | undefined;
  newestFirst: boolean;
  limit: number;
}

/** Some lines of a log, and whether more follow them. */
interface FlowLogPart {
  lines: FlowLogEntry[];
  hasMore: boolean;
}

/** Lines of a flow run's log: fewer than were asked for when they are long. */
export async function listFlowLog(
  db: Executor,
  flowRunId: string,
  { after, newestFirst, limit }: FlowLogPage,
): Promise<FlowLogPart> {
  const [beyond, order] = newestFirst ? ['<', 'desc'] : ['>', 'asc'];
  const rows = await db.query<FlowLogEntry & { found: number }>(
    `with found as (
       select sequence, at, code, description, details from flow_log
       where flow_run_id = $1 and ($2::integer is null or sequence ${beyond} $2)
       order by sequence ${order} limit $3 + 1),
     measured as (
       select *, row_number() over so_far as n, count(*) over ()::integer as found,
         sum(octet_length(details::text)) over so_far as bytes
       from found window so_far as (order by sequence ${order}))
     select sequence, at, code, description, details, found from measured
     where n <= $3 and (n = 1 or bytes <= $4) order by n`,
    [flowRunId, after ?? null, limit, flowLimits.logPageBytes],
  );
  const hasMore = rows.length < (rows[0]?.found ?? 0);
  return { lines: rows.map(({ found: _, ...line }) => line), hasMore };
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
    `select input, data, run->'privatePaths' as "privatePaths"
     from flow_runs where id = $1`,
    [flowRunId],
  );
  return row ?? { input: {}, data: {}, privatePaths: [] };
}
