import type { Flow } from '@interpulse/domain/flow-run/flow-run.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

const columns = `f.id, f.name, v.version, v.title, v.description, v.definition,
  v.input_schema as "inputSchema", f.project, coalesce(u.name, f.owner_id) as owner,
  f.created_at as "createdAt", f.updated_at as "updatedAt"`;
const source = `from flows f join flow_versions v on v.flow_name = f.name
  left join users u on u.id = f.owner_id`;

const selectNewest = statement<Flow, [string]>(
  'get_flow',
  `select ${columns} ${source} where f.name = $1 and v.version = f.version`,
);
const selectVersion = statement<Flow, [string, number]>(
  'get_flow_version',
  `select ${columns} ${source} where f.name = $1 and v.version = $2`,
);

/** A flow in its newest version, or undefined. */
export async function findFlow(db: Executor, name: string): Promise<Flow | undefined> {
  return (await db.run(selectNewest, name))[0];
}

/** A flow in the version with which a run started, or undefined. */
export async function findFlowVersion(
  db: Executor,
  name: string,
  version: number,
): Promise<Flow | undefined> {
  return (await db.run(selectVersion, name, version))[0];
}

/** Flows by name; `projects` null for all. */
export async function listFlows(
  db: Executor,
  filter: { projects: readonly string[] | null; after?: string | undefined; limit: number },
): Promise<Flow[]> {
  return db.query<Flow>(
    `select ${columns} ${source} where v.version = f.version
       and ($1::text[] is null or f.project = any($1)) and ($2::text is null or f.name > $2)
     order by f.name limit $3`,
    [filter.projects, filter.after ?? null, filter.limit],
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
     on conflict (name) do update set updated_at = f.updated_at returning version`,
    [flow.name, flow.id, flow.project, flow.ownerId, at],
  );
  const version = head?.version ?? 0;
  const texts = [flow.title, flow.description, jsonb(flow.definition), jsonb(flow.inputSchema)];
  const same = await tx.query(
    `select from flow_versions where flow_name = $1 and version = $2 and title = $3
       and description = $4 and definition = $5::jsonb and input_schema = $6::jsonb`,
    [flow.name, version, ...texts],
  );
  if (same.length > 0) return version;
  await tx.query(
    `insert into flow_versions (flow_name, version, title, description, definition, input_schema,
       created_at) values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7)`,
    [flow.name, version + 1, ...texts, at],
  );
  await tx.query(`update flows set version = $2, updated_at = $3 where name = $1`, [
    flow.name,
    version + 1,
    at,
  ]);
  return version + 1;
}
