import { sql, type Kysely } from 'kysely';

/**
 * Flow runs in three parts: what is small (`run`), the state document (`data`, written when it
 * changes), and a row for each branch inside a Parallel or Map state that is under way.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
  const open = sql<OldRun>`select id, run from flow_runs where ended_at is null`;
  for (const row of (await open.execute(db)).rows) await convert(db, row);
  // Only now: those under way are read whole before.
  await sql`update flow_runs set data = coalesce(run -> 'data', '{}'), run = run - 'data'`.execute(
    db,
  );
}

const statements = [
  `create table flow_branches (
    flow_run_id text not null references flow_runs on delete cascade,
    parent_step integer not null,
    item_index integer not null,
    -- Null when it has ended, and so is what it was at; data is what it left, then.
    step integer,
    -- Steps of the states around, outermost first.
    ancestors integer[] not null,
    wake_at timestamptz,
    needs_person boolean not null,
    branch jsonb,
    data jsonb,
    private_paths jsonb not null,
    size_bytes integer not null,
    primary key (flow_run_id, parent_step, item_index)
  ) with (fillfactor = 80)`,
  `create index flow_branches_by_step on flow_branches (flow_run_id, step) where step is not null`,
  `create index flow_branches_to_wake on flow_branches (wake_at) where wake_at is not null`,
  `alter table flow_runs add column data jsonb not null default '{}',
    add column data_revision integer not null default 0`,
  // A step is written when it begins and again when it ends: on its page there is room for that.
  `alter table flow_steps set (fillfactor = 80)`,
  // A run that waits for a person has timers like any other.
  `drop index flow_runs_to_wake`,
  `create index flow_runs_to_wake on flow_runs (wake_at)
    where wake_at is not null and ended_at is null`,
];

interface OldWait {
  kind: string;
  results?: unknown[];
  privatePaths?: (string | number)[][];
  resultBytes?: number;
  stalled?: string | null;
  timeoutAt?: string;
  dueAt?: string;
}

interface OldBranch {
  path: unknown[];
  step: number;
  wait: OldWait | null;
  inner?: { parentStep: number; index: number; sizeBytes: number } & Record<string, unknown>;
}

interface OldRun {
  id: string;
  run: { data?: unknown; branches: OldBranch[] };
}

async function convert(db: Kysely<unknown>, { id, run }: OldRun): Promise<void> {
  const bySteps = new Map(run.branches.map((branch) => [branch.step, branch]));
  const ancestorsOf = (parentStep: number): number[] => {
    const above = bySteps.get(parentStep)?.inner?.parentStep;
    return [...(above === undefined ? [] : ancestorsOf(above)), parentStep];
  };
  const rows: unknown[] = [];
  const counts = { open: run.branches.length, waitForPeople: 0, sizeBytes: 0 };
  for (const { inner, ...branch } of run.branches) {
    const { wait, step } = branch;
    const needsPerson = typeof wait?.stalled === 'string';
    counts.waitForPeople += needsPerson ? 1 : 0;
    counts.sizeBytes += (inner?.sizeBytes ?? 0) + (wait?.resultBytes ?? 0);
    for (const [index, data] of (wait?.results ?? []).entries()) {
      if (data === null) continue;
      const hidden = (wait?.privatePaths ?? []).filter(([at]) => at === index);
      const privatePaths = hidden.map((path) => path.slice(1));
      const sizeBytes = JSON.stringify(data).length;
      rows.push({
        parentStep: step,
        index,
        ancestors: ancestorsOf(step),
        data,
        privatePaths,
        sizeBytes,
      });
    }
    if (wait !== null) delete wait.results;
    if (wait?.kind === 'branches') delete wait.privatePaths;
    if (inner === undefined) continue;
    const wakeAt = wait?.timeoutAt ?? wait?.dueAt ?? null;
    const ancestors = ancestorsOf(inner.parentStep);
    rows.push({ ...inner, step, ancestors, wakeAt, needsPerson, branch });
  }
  const sizeBytes = JSON.stringify(run.data ?? {}).length;
  const branches = run.branches.filter(({ inner }) => inner === undefined);
  const core = JSON.stringify({ ...run, branches, counts, sizeBytes });
  await sql`update flow_runs set run = ${core}::jsonb where id = ${id}`.execute(db);
  await sql`insert into flow_branches select ${id}, "parentStep", index, step,
      array(select jsonb_array_elements_text(ancestors)::integer), "wakeAt",
      coalesce("needsPerson", false), branch, data, "privatePaths", "sizeBytes"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("parentStep" integer,
      index integer, step integer, ancestors jsonb, "wakeAt" timestamptz, "needsPerson" boolean,
      branch jsonb, data jsonb, "privatePaths" jsonb, "sizeBytes" integer)`.execute(db);
}
