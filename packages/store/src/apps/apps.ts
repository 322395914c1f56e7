import type { App } from '@interpulse/domain/app/app.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

const selectApps = statement<{ spec: App }, [string[]]>(
  'find_apps',
  `select spec from apps where name = any($1)`,
);

/** The apps of these names, as many as exist. */
export async function findApps(db: Executor, names: readonly string[]): Promise<Map<string, App>> {
  const rows = await db.run(selectApps, [...new Set(names)]);
  return new Map(rows.map(({ spec }) => [spec.name, spec]));
}

/** All apps by name. */
export async function listApps(db: Executor): Promise<App[]> {
  return (await db.query<{ spec: App }>('select spec from apps order by name')).map(
    (row) => row.spec,
  );
}

/** Adds or changes an app. */
export async function saveApp(tx: Executor, app: App, at: string): Promise<void> {
  await tx.query(
    `insert into apps as a (name, spec, updated_at) values ($1, $2::jsonb, $3)
     on conflict (name) do update set spec = excluded.spec, updated_at = excluded.updated_at,
       version = a.version + 1 where a.spec <> excluded.spec`,
    [app.name, jsonb(app), at],
  );
}
