import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** One attempt as its pilot holds it. */
export interface HeldAttempt {
  jobId: JobId;
  attempt: number;
  pilotId: PilotId;
}

const stale = statement<HeldAttempt, [string, string]>(
  'stale_attempts',
  `select t."jobId", t.attempt, t."pilotId"
   from jsonb_to_recordset($1::jsonb) as t("jobId" text, attempt integer, "pilotId" text)
   left join jobs j on j.id = t."jobId" and j.attempt = t.attempt and j.pilot_id = t."pilotId"
     and j.site_id = $2 and j.state in ('ready', 'active')
   where j.id is null`,
);

/** Of the attempts that a site's pilots hold, those that are no longer wanted. */
export async function staleAttempts(
  db: Executor,
  siteId: string,
  held: readonly HeldAttempt[],
): Promise<HeldAttempt[]> {
  const rows = held.map(({ jobId, attempt, pilotId }) => ({ jobId, attempt, pilotId }));
  return rows.length === 0 ? [] : db.run(stale, jsonb(rows), siteId);
}

const canceledSince = statement<HeldAttempt, [string, string]>(
  'canceled_attempts',
  `select distinct j.id as "jobId", j.attempt, j.pilot_id as "pilotId"
   from events e join jobs j on j.id = e.subject_id and j.state = 'canceled'
   join pilots p on p.id = j.pilot_id and p.state in ('submitted', 'running')
   where e.subject_type = 'job' and e.kind = 'job.canceled' and e.at > $2::timestamptz
     and p.site_id = $1`,
);

/** Attempts that were canceled of late and that a site's living pilots may still run. */
export async function canceledAttempts(
  db: Executor,
  siteId: string,
  since: string,
): Promise<HeldAttempt[]> {
  return db.run(canceledSince, siteId, since);
}
