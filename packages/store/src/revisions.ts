import type { Executor } from './executor.ts';
import { statement } from './statement.ts';

/** What is counted on whenever it changes, so that it may be kept in memory in between. */
export type Revised = 'access' | 'apps' | 'collections';

/** How often each has changed, as a transaction sees it; null when it has itself changed it. */
export type Revisions = Readonly<Record<Revised, number | null>>;

/** A revision as it is read. */
export interface RevisionRow {
  name: Revised;
  revision: number | null;
}

/** SQL of all revisions. */
export const revisionsSql = `select name, case
  when xmin is distinct from pg_current_xact_id_if_assigned()::xid then revision end as revision
  from revisions`;

const select = statement<RevisionRow>('revisions', revisionsSql);

/**
 * Reads the revisions. What was read after one of them, in a transaction that saw the same one, is
 * what this transaction would read.
 */
export async function readRevisions(db: Executor): Promise<Revisions> {
  return revisionsOf(await db.run(select));
}

/** The revisions that were read, by name. */
export function revisionsOf(rows: readonly RevisionRow[]): Revisions {
  const revisions: Record<Revised, number | null> = { access: 0, apps: 0, collections: 0 };
  for (const { name, revision } of rows) revisions[name] = revision;
  return revisions;
}
