import type { BranchNeed } from '@interpulse/domain/flow/branches-missing.ts';
import type { BranchChanges, BranchRow } from '@interpulse/domain/flow/flow-view.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

const columns = `parent_step as "parentStep", item_index as index, step, ancestors,
  wake_at as "wakeAt", needs_person as "needsPerson", branch, data,
  private_paths as "privatePaths", size_bytes as "sizeBytes"`;

/** Of those that wait for people so many are read besides, to be told of. */
const peopleShown = 6;

const around = statement<BranchRow, [string, readonly number[], boolean]>(
  'flow_branches_around',
  `select ${columns} from flow_branches where flow_run_id = $1 and step is not null and step in (
     select unnest(ancestors || step) from flow_branches
       where flow_run_id = $1 and step is not null and step = any($2::integer[])
     union all
     (select step from flow_branches
       where $3 and flow_run_id = $1 and step is not null and needs_person limit ${peopleShown}))`,
);

/** The branches at these steps and those around them; some of those that need a person as well. */
export async function branchesAround(
  tx: Executor,
  flowRunId: string,
  steps: readonly number[],
  withPeople: boolean,
): Promise<BranchRow[]> {
  return tx.run(around, flowRunId, steps, withPeople);
}

const inside = statement<BranchRow, [string, number | null]>(
  'flow_branches_inside',
  `select ${columns} from flow_branches where flow_run_id = $1 and step is not null
     and ($2::integer is null or $2 = any(ancestors))`,
);

const resultsOf = statement<BranchRow, [string, number]>(
  'flow_branch_results',
  `select ${columns} from flow_branches
   where flow_run_id = $1 and parent_step = $2 and step is null`,
);

/** The branches that an event turned out to need. */
export async function neededBranches(
  tx: Executor,
  flowRunId: string,
  need: BranchNeed,
): Promise<BranchRow[]> {
  return 'inside' in need
    ? tx.run(inside, flowRunId, need.inside)
    : tx.run(resultsOf, flowRunId, need.resultsOf);
}

const all = statement<BranchRow, [string]>(
  'all_flow_branches',
  `select ${columns} from flow_branches where flow_run_id = $1`,
);

/** All branches of a run, and what its ended ones left. */
export async function allBranches(tx: Executor, flowRunId: string): Promise<BranchRow[]> {
  return tx.run(all, flowRunId);
}

const save = statement<never, [readonly string[], readonly number[], string]>(
  'save_flow_branches',
  `with closed as (
      delete from flow_branches b using unnest($1::text[], $2::integer[]) as c(id, step)
      where b.flow_run_id = any($1) and b.flow_run_id = c.id and b.parent_step = c.step)
   insert into flow_branches as b (flow_run_id, parent_step, item_index, step, ancestors, wake_at,
     needs_person, branch, data, private_paths, size_bytes)
   select "flowRunId", "parentStep", index, step,
     array(select jsonb_array_elements_text(ancestors)::integer), "wakeAt", "needsPerson",
     branch, data, "privatePaths", "sizeBytes"
   from jsonb_to_recordset($3::jsonb) as r("flowRunId" text, "parentStep" integer, index integer,
     step integer, ancestors jsonb, "wakeAt" timestamptz, "needsPerson" boolean, branch jsonb,
     data jsonb, "privatePaths" jsonb, "sizeBytes" integer)
   on conflict (flow_run_id, parent_step, item_index) do update set step = excluded.step,
     wake_at = excluded.wake_at, needs_person = excluded.needs_person, branch = excluded.branch,
     data = coalesce(excluded.data, b.data), private_paths = excluded.private_paths,
     size_bytes = excluded.size_bytes`,
);

/** Writes what turns changed of flow runs' branches: the rows that they touched, and no others. */
export async function saveBranches(
  tx: Executor,
  changes: readonly ({ flowRunId: string } & BranchChanges)[],
): Promise<void> {
  const closed = changes.flatMap(({ flowRunId, closed: steps }) =>
    steps.map((step) => ({ flowRunId, step })),
  );
  const rows = changes.flatMap((change) =>
    change.rows.map((row) => ({ ...row, flowRunId: change.flowRunId })),
  );
  if (closed.length === 0 && rows.length === 0) return;
  const ids = closed.map(({ flowRunId }) => flowRunId);
  const steps = closed.map(({ step }) => step);
  await tx.run(save, ids, steps, jsonb(rows));
}
