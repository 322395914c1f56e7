import type { FlowRunStatus } from '@interpulse/domain/flow-run/flow-run.ts';
import type { VisibleTo } from '../access/visible-to.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { flowRunColumns, flowRunOf, flowRunSource, type OwnedFlowRun } from './read-flow-runs.ts';

/** Which flow runs; all conditions hold together. */
export interface FlowRunFilter extends VisibleTo {
  /** One that is seen at a glance, see `flowRunFilters` of the API. */
  filter?:
    'all' | 'active' | 'waiting' | 'failed' | 'completed' | 'late' | 'willBeLate' | undefined;
  status?: readonly FlowRunStatus[] | undefined;
  ids?: readonly string[] | undefined;
  flow?: string | undefined;
  version?: number | undefined;
  project?: string | undefined;
  instrument?: string | undefined;
  shot?: number | undefined;
  label?: string | undefined;
  /** All of these. */
  tags?: Record<string, string> | undefined;
  /** A name. */
  owner?: string | undefined;
  ownerId?: string | undefined;
  /** Those in which one of these has this part by name. */
  role?: { part: FlowRunPart; grantees: readonly string[] } | undefined;
  trigger?: string | undefined;
  batch?: string | undefined;
  rerunOf?: string | undefined;
  dataset?: string | undefined;
  startedFrom?: string | undefined;
  startedBefore?: string | undefined;
  endedFrom?: string | undefined;
  endedBefore?: string | undefined;
}

/** A part that somebody has in a flow run, or in all of a flow. */
export type FlowRunPart = 'manager' | 'monitor' | 'flowRunManager' | 'flowRunMonitor';

/** In which order flow runs are listed. */
export type FlowRunOrder = 'started' | 'ended' | 'deadline';

/** A run waits when its step's work has not begun, a timer runs, or a person is needed. */
const isWaiting = `(r.status = 'INACTIVE' or (r.status = 'ACTIVE' and ((r.wake_at is not null
    or exists (select from flow_branches b where b.flow_run_id = r.id and b.wake_at is not null))
    and not exists (select from flow_steps s where s.flow_run_id = r.id and s.status = 'active'
      and (s.job_id is not null or s.ensemble_id is not null or s.transfer_id is not null))
  or exists (select from flow_steps s left join jobs j on j.id = s.job_id
    left join transfers t on t.id = s.transfer_id
    where s.flow_run_id = r.id and s.status = 'active'
      and (j.state in ('waiting', 'queued', 'placed', 'ready') or t.state = 'queued'
        or s.ensemble_id is not null and not exists (select from jobs e
          where e.ensemble_id = s.ensemble_id
            and e.state not in ('waiting', 'queued', 'placed', 'ready')))))))`;

const quickFilters: Record<NonNullable<FlowRunFilter['filter']>, string | null> = {
  all: null,
  active: `r.status = 'ACTIVE'`,
  waiting: isWaiting,
  failed: `r.status in ('FAILED', 'ENDED')`,
  completed: `r.status = 'SUCCEEDED'`,
  late: `coalesce(r.ended_at, 'infinity'::timestamptz) > r.deadline_at and r.deadline_at < now()`,
  willBeLate: `r.ended_at is null and r.deadline_at is not null and (r.deadline_at < now()
    or (r.run ->> 'predictedFinishAt')::timestamptz > r.deadline_at)`,
};

const parts: Record<FlowRunPart, string> = {
  manager: 'r.readers && ?::text[] and r.managers && ?::text[]',
  monitor: 'r.readers && ?::text[] and r.monitors && ?::text[]',
  flowRunManager: `r.flow_name = any(array(select name from flows where run_readers && ?::text[]
    and run_managers && ?::text[]))`,
  flowRunMonitor: `r.flow_name = any(array(select name from flows where run_readers && ?::text[]
    and run_monitors && ?::text[]))`,
};

/** Adds who may see, in a form for which there are indexes: project, readers, flow. */
export function addVisible(conditions: Conditions, { projects, grantees }: VisibleTo): void {
  if (projects === null) return;
  const ofProjects = conditions.parameter(projects);
  const names = conditions.parameter(grantees);
  conditions.always(`(r.project = any(${ofProjects}::text[]) or r.readers && ${names}::text[]
    or r.flow_name = any(array(select name from flows where run_readers && ${names}::text[])))`);
}

/** The conditions of a filter. */
export function conditionsOf(filter: FlowRunFilter): Conditions {
  const conditions = new Conditions();
  const quick = quickFilters[filter.filter ?? 'all'];
  if (quick !== null) conditions.always(quick);
  addVisible(conditions, filter);
  const { tags = {}, role } = filter;
  if (Object.keys(tags).length > 0) {
    conditions.add(`r.tags <> '{}' and r.tags @> ?::jsonb`, jsonb(tags));
  }
  if (role) conditions.add(parts[role.part], role.grantees);
  conditions.add('r.status = any(?::text[])', filter.status);
  conditions.add('r.id = any(?::text[])', filter.ids);
  conditions.add('r.flow_name = ?', filter.flow);
  conditions.add('r.flow_version = ?', filter.version);
  conditions.add('r.project = ?', filter.project);
  conditions.add('r.instrument = ?', filter.instrument);
  conditions.add('r.shot_number = ?', filter.shot);
  conditions.add('strpos(lower(r.label), lower(?)) > 0', filter.label);
  conditions.add('r.owner_id = (select id from users where name = ?)', filter.owner);
  conditions.add('r.owner_id = ?', filter.ownerId);
  conditions.add('r.trigger_name = ?', filter.trigger);
  conditions.add('r.batch_id = ?', filter.batch);
  conditions.add('r.rerun_of = ?', filter.rerunOf);
  conditions.add('r.dataset_id = ?', filter.dataset);
  conditions.add('r.started_at >= ?::timestamptz', filter.startedFrom);
  conditions.add('r.started_at < ?::timestamptz', filter.startedBefore);
  conditions.add('r.ended_at >= ?::timestamptz', filter.endedFrom);
  conditions.add('r.ended_at < ?::timestamptz', filter.endedBefore);
  return conditions;
}

/** Where a page of flow runs ended: the last row's id, and its instant where that orders them. */
export interface FlowRunPosition {
  id: string;
  at: string | null;
}

const orders: Record<FlowRunOrder, { by: string; has: string | null; behind: string }> = {
  // Ids grow with time.
  started: { by: 'r.id desc', has: null, behind: 'r.id < ?' },
  ended: {
    by: 'r.ended_at desc, r.id desc',
    has: 'r.ended_at is not null',
    behind: '(r.ended_at, r.id) < ((?::text[])[1]::timestamptz, (?::text[])[2])',
  },
  deadline: {
    by: 'r.deadline_at, r.id',
    has: 'r.deadline_at is not null',
    behind: '(r.deadline_at, r.id) > ((?::text[])[1]::timestamptz, (?::text[])[2])',
  },
};

/** Flow runs in an order: started and ended newest first, deadline the next one first. */
export async function listFlowRuns(
  db: Executor,
  filter: FlowRunFilter & { limit: number; order?: FlowRunOrder; after?: FlowRunPosition },
): Promise<OwnedFlowRun[]> {
  const conditions = conditionsOf(filter);
  const { order = 'started', after } = filter;
  const { by, has, behind } = orders[order];
  if (has !== null) conditions.always(has);
  if (after) conditions.add(behind, order === 'started' ? after.id : [after.at, after.id]);
  const limit = conditions.parameter(filter.limit);
  const text = `select ${flowRunColumns} ${flowRunSource} ${conditions.where}
    order by ${by} limit ${limit}`;
  return (await db.query<Parameters<typeof flowRunOf>[0]>(text, conditions.values)).map(flowRunOf);
}

/** How many flow runs there are of each status. */
export async function countFlowRuns(
  db: Executor,
  filter: FlowRunFilter,
): Promise<Partial<Record<FlowRunStatus, number>>> {
  const conditions = conditionsOf(filter);
  const rows = await db.query<{ status: FlowRunStatus; count: number }>(
    `select r.status, count(*)::integer as count from flow_runs r ${conditions.where}
     group by r.status`,
    conditions.values,
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Which of these flow runs someone sees. */
export async function seenFlowRuns(
  db: Executor,
  who: VisibleTo,
  ids: readonly string[],
): Promise<string[]> {
  const conditions = new Conditions();
  addVisible(conditions, who);
  conditions.add('r.id = any(?::text[])', ids);
  const text = `select r.id from flow_runs r ${conditions.where}`;
  return (await db.query<{ id: string }>(text, conditions.values)).map(({ id }) => id);
}
