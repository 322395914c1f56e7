import type { Flow, FlowPeople } from '@interpulse/domain/flow-run/flow-run.ts';
import type { VisibleTo } from '../access/visible-to.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { startListening } from '../notices/notice-settings.ts';
import { statement } from '../statement.ts';

/** A flow with its owner's id, for the decision about access. */
export interface OwnedFlow extends Flow {
  ownerId: string;
}

const columns = `f.id, f.name, v.version, v.title, v.description, v.definition,
  v.input_schema as "inputSchema", f.project, coalesce(u.name, f.owner_id) as owner,
  f.owner_id as "ownerId", f.created_at as "createdAt", f.updated_at as "updatedAt",
  f.archived_at as "archivedAt", f.administrators, f.starters, f.viewers,
  f.run_managers as "runManagers", f.run_monitors as "runMonitors",
  f.service_account as "serviceAccount", f.roles, f.notify`;
const source = `from flows f join flow_versions v on v.flow_name = f.name
  left join users u on u.id = f.owner_id`;

const selectNewest = statement<OwnedFlow, [string]>(
  'get_flow',
  `select ${columns} ${source} where f.name = $1 and v.version = f.version`,
);
const selectVersion = statement<OwnedFlow, [string, number]>(
  'get_flow_version',
  `select ${columns} ${source} where f.name = $1 and v.version = $2`,
);

/** A flow in its newest version, or undefined. */
export async function findFlow(db: Executor, name: string): Promise<OwnedFlow | undefined> {
  return (await db.run(selectNewest, name))[0];
}

/** A flow in the version with which a run started, or undefined. */
export async function findFlowVersion(
  db: Executor,
  name: string,
  version: number,
): Promise<OwnedFlow | undefined> {
  return (await db.run(selectVersion, name, version))[0];
}

/** Which flows; all conditions hold together. */
export interface FlowFilter extends VisibleTo {
  archived: boolean;
  project?: string | undefined;
  /** Words of the name, the title or the description. */
  q?: string | undefined;
  after?: string | undefined;
  limit: number;
}

/** Flows by name. */
export async function listFlows(db: Executor, filter: FlowFilter): Promise<OwnedFlow[]> {
  const conditions = new Conditions();
  conditions.always('v.version = f.version');
  conditions.always(`f.archived_at is ${filter.archived ? 'not ' : ''}null`);
  if (filter.projects !== null) {
    const projects = conditions.parameter(filter.projects);
    const grantees = conditions.parameter(filter.grantees);
    conditions.always(`(f.project = any(${projects}::text[])
      or f.readers && ${grantees}::text[])`);
  }
  conditions.add('f.project = ?', filter.project);
  conditions.add(
    `strpos(lower(f.name || ' ' || v.title || ' ' || v.description), lower(?)) > 0`,
    filter.q,
  );
  conditions.add('f.name > ?', filter.after);
  const limit = conditions.parameter(filter.limit);
  const text = `select ${columns} ${source} ${conditions.where} order by f.name limit ${limit}`;
  return db.query<OwnedFlow>(text, conditions.values);
}

/** One version of a flow, as it is listed. */
export interface FlowVersion {
  version: number;
  title: string;
  createdAt: string;
  /** Who saved it; null for versions older than this was noted. */
  savedBy: string | null;
  flowRuns: number;
}

/** The versions of a flow, newest first. */
export async function listFlowVersions(
  db: Executor,
  name: string,
  before: number | null,
  limit: number,
): Promise<FlowVersion[]> {
  return db.query<FlowVersion>(
    `select v.version, v.title, v.created_at as "createdAt",
       (select coalesce(u.name, e.actor) from events e left join users u on u.id = e.actor
         where e.subject_type = 'flow' and e.subject_id = v.flow_name and e.kind = 'flow.saved'
           and e.data->>'version' = v.version::text order by e.id limit 1) as "savedBy",
       (select count(*)::integer from flow_runs r
         where r.flow_name = v.flow_name and r.flow_version = v.version) as "flowRuns"
     from flow_versions v where v.flow_name = $1 and ($2::integer is null or v.version < $2)
     order by v.version desc limit $3`,
    [name, before, limit],
  );
}

/** A flow to be saved. */
export interface FlowToSave {
  id: string;
  name: string;
  title: string;
  description: string;
  definition: unknown;
  inputSchema: unknown;
  project: string;
  ownerId: string;
}

/** Writes a flow's next version, or the same again when nothing differs; answers the version. */
export async function saveFlow(tx: Executor, flow: FlowToSave, at: string): Promise<number> {
  const [head] = await tx.query<{ version: number }>(
    `insert into flows as f (name, id, project, owner_id, version, created_at, updated_at)
     values ($1, $2, $3, $4, 0, $5, $5)
     on conflict (name) do update set updated_at = f.updated_at, archived_at = null
     returning version`,
    [flow.name, flow.id, flow.project, flow.ownerId, at],
  );
  const version = head?.version ?? 0;
  const texts = [flow.title, flow.description, jsonb(flow.definition), jsonb(flow.inputSchema)];
  const same = await tx.query(
    `select from flow_versions where flow_name = $1 and version = $2 and title = $3
       and description = $4 and definition::text = $5 and input_schema::text = $6`,
    [flow.name, version, ...texts],
  );
  if (same.length > 0) return version;
  // Numbers are not used twice: an older version may have been made the newest again.
  const [next] = await tx.query<{ version: number }>(
    `insert into flow_versions (flow_name, version, title, description, definition, input_schema,
       created_at)
     select $1, coalesce(max(version), 0) + 1, $2, $3, $4::json, $5::json, $6
     from flow_versions where flow_name = $1 returning version`,
    [flow.name, ...texts, at],
  );
  await tx.query(`update flows set version = $2, updated_at = $3 where name = $1`, [
    flow.name,
    next?.version,
    at,
  ]);
  return next?.version ?? version;
}

/** What is changed of a flow without a new version of it. */
export type FlowChange = { [K in keyof FlowPeople]?: FlowPeople[K] | undefined } & {
  archivedAt?: string | null | undefined;
};

const changeable = {
  administrators: 'administrators',
  starters: 'starters',
  viewers: 'viewers',
  runManagers: 'run_managers',
  runMonitors: 'run_monitors',
  serviceAccount: 'service_account',
  archivedAt: 'archived_at',
} as const;

/** Changes who has a part in a flow, its accounts, or puts it away. */
export async function changeFlow(
  tx: Executor,
  name: string,
  change: FlowChange,
  at: string,
): Promise<void> {
  const values: unknown[] = [name, at];
  const sets = Object.entries(changeable).flatMap(([key, column]) => {
    const value = change[key as keyof typeof changeable];
    return value === undefined ? [] : [`${column} = $${values.push(value)}`];
  });
  if (change.roles !== undefined) sets.push(`roles = $${values.push(jsonb(change.roles))}::jsonb`);
  if (change.notify !== undefined) {
    sets.push(`notify = $${values.push(jsonb(change.notify))}::jsonb`);
    await startListening(tx);
  }
  if (sets.length === 0) return;
  await tx.query(`update flows set ${sets.join(', ')}, updated_at = $2 where name = $1`, values);
}
