import type { Maintenance } from '@interpulse/domain/site/site.ts';
import type { TunedSettings } from '@interpulse/domain/site/tune-pool.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';

/** What an administrator changes of a site. */
export interface SiteChange {
  title?: string | undefined;
  closed?: boolean | undefined;
  reason?: string | undefined;
}

/** Changes a site; answers whether it exists. */
export async function updateSite(tx: Executor, name: string, change: SiteChange): Promise<boolean> {
  const rows = await tx.query(
    `update sites set title = coalesce($2, title), closed = coalesce($3, closed),
       closed_reason = case when $3 is true then coalesce($4, 'closed by its staff')
         when $3 is false then null else closed_reason end
     where name = $1 returning id`,
    [name, change.title ?? null, change.closed ?? null, change.reason ?? null],
  );
  return rows.length > 0;
}

/** Adds to what was tuned of a pool; what is left out stays as it is. */
export async function savePoolSettings(
  tx: Executor,
  siteId: string,
  pool: string,
  tuned: TunedSettings,
): Promise<void> {
  await tx.query(
    `update sites set pool_settings = pool_settings ||
       jsonb_build_object($2::text, coalesce(pool_settings->$2, '{}') || $3::jsonb)
     where id = $1`,
    [siteId, pool, jsonb(tuned)],
  );
}

/** Announces a time in which a site takes no work. */
export async function insertMaintenance(
  tx: Executor,
  siteId: string,
  { id, startsAt, endsAt, reason }: Maintenance,
): Promise<void> {
  await tx.query(
    `insert into maintenance (id, site_id, starts_at, ends_at, reason) values ($1, $2, $3, $4, $5)`,
    [id, siteId, startsAt, endsAt, reason],
  );
}

/** Takes an announced maintenance back; false when the site has no such one. */
export async function deleteMaintenance(
  tx: Executor,
  siteId: string,
  maintenanceId: string,
): Promise<boolean> {
  const rows = await tx.query(
    'delete from maintenance where id = $1 and site_id = $2 returning id',
    [maintenanceId, siteId],
  );
  return rows.length > 0;
}

/** Forgets windows that ended before. */
export async function forgetMaintenance(tx: Executor, before: string): Promise<void> {
  await tx.query('delete from maintenance where ends_at < $1', [before]);
}
