import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

const seen = statement<{ wasSilent: boolean }, [string, string]>(
  'site_seen',
  `update sites s set seen_at = $2::timestamptz, silent = false
   from (select id, silent from sites where id = $1 for update) was
   where s.id = was.id returning was.silent as "wasSilent"`,
);

/** Notes that a site's agent was heard; answers whether it had been silent. */
export async function noteSiteSeen(db: Executor, siteId: string, at: string): Promise<boolean> {
  return (await db.run(seen, siteId, at))[0]?.wasSilent ?? false;
}

const cut = statement<never, [string, string]>(
  'site_cut',
  `update sites set seen_at = $2::timestamptz
   where id = $1 and not silent and seen_at < $2::timestamptz`,
);

/** Notes that the line to a site's agent was cut just now: until then it was heard. */
export async function noteSiteCut(db: Executor, siteId: string, at: string): Promise<void> {
  await db.run(cut, siteId, at);
}

const silence = statement<{ id: string; name: string }, [string]>(
  'silence_sites',
  `update sites set silent = true
   where not silent and agent_id is not null and seen_at < $1::timestamptz returning id, name`,
);

/** Calls sites silent that were not heard of since `before`; answers those that became so. */
export async function silenceSites(
  tx: Executor,
  before: string,
): Promise<{ id: string; name: string }[]> {
  return tx.run(silence, before);
}

const unheard = statement<{ seenAt: string | null }>(
  'longest_unheard',
  `select min(seen_at) as "seenAt" from sites where not silent and agent_id is not null`,
);

/** When the site was heard of that was not heard of for longest, of those that are not silent. */
export async function longestUnheard(db: Executor): Promise<string | null> {
  return (await db.run(unheard))[0]?.seenAt ?? null;
}

const fault = statement<{ faults: number }, [string]>(
  'site_fault',
  `update sites set faults = faults + 1 where id = $1 returning faults`,
);
const rest = statement<never, [string, string, string]>(
  'rest_site',
  `update sites set faults = 0, resting_until = $2::timestamptz, resting_reason = $3 where id = $1`,
);

/** Counts a failure that was the site's own; after `most` in a row the site rests until then. */
export async function noteSiteFault(
  tx: Executor,
  siteId: string,
  how: { most: number; restUntil: string; reason: string },
): Promise<boolean> {
  const faults = (await tx.run(fault, siteId))[0]?.faults ?? 0;
  if (faults < how.most) return false;
  await tx.run(rest, siteId, how.restUntil, how.reason);
  return true;
}

const well = statement<never, [string[]]>(
  'sites_well',
  `update sites set faults = 0 where id = any($1) and faults > 0`,
);

/** Forgets earlier failures of sites where work has just succeeded. */
export async function noteSitesWell(tx: Executor, siteIds: readonly string[]): Promise<void> {
  if (siteIds.length > 0) await tx.run(well, [...new Set(siteIds)]);
}
