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

/** An app with what the hub knows of its making. */
export interface StoredApp {
  app: App;
  /** Counts changes, from 1. */
  revision: number;
  updatedAt: string;
}

const storedColumns = `spec as app, version as revision, updated_at as "updatedAt"`;

/** One page of the apps by name, those behind `after`. */
export async function listApps(
  db: Executor,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<StoredApp[]> {
  return db.query<StoredApp>(
    `select ${storedColumns} from apps where $1::text is null or name > $1 order by name limit $2`,
    [after ?? null, limit],
  );
}

/** One app, or undefined. */
export async function findApp(db: Executor, name: string): Promise<StoredApp | undefined> {
  const text = `select ${storedColumns} from apps where name = $1`;
  return (await db.query<StoredApp>(text, [name]))[0];
}

/** Adds or changes an app; false when it is as it was. */
export async function saveApp(tx: Executor, app: App, at: string): Promise<boolean> {
  const rows = await tx.query(
    `insert into apps as a (name, spec, updated_at) values ($1, $2::json, $3)
     on conflict (name) do update set spec = excluded.spec, updated_at = excluded.updated_at,
       version = a.version + 1 where a.spec::text <> excluded.spec::text returning name`,
    [app.name, jsonb(app), at],
  );
  return rows.length > 0;
}

/** Takes an app away; false when there is none. */
export async function deleteApp(tx: Executor, name: string): Promise<boolean> {
  return (await tx.query('delete from apps where name = $1 returning name', [name])).length > 0;
}
