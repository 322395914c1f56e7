import type { Move } from '@interpulse/domain/placement/plan-moves.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { acceptsSql } from './job-fence.ts';
import { cancelTransfersSql } from './take-back-jobs.ts';

/** A job that is queued again. */
export interface RecalledJob {
  jobId: string;
  fromSiteId: string;
  /** Its inputs were on their way: both ends shall hear that nobody waits for them any more. */
  wasStaging: boolean;
}

const recall = statement<RecalledJob, [string, string]>(
  'recall_jobs',
  `with held as (
      select j.id, j.state as was, j.site_id as was_site, m.reason
      from jsonb_to_recordset($1::jsonb) as m("jobId" text, "fromSiteId" text, reason text)
      join jobs j on j.id = m."jobId"
      where j.site_id = m."fromSiteId" and j.pilot_id is null
        and ${acceptsSql('j.state', 'recalled')}
      order by j.id for update of j skip locked),
    changed as (
      update jobs j set state = 'queued', site_id = null, staged_inputs = null, placed_at = null,
        ready_at = null, moves = j.moves + 1, reason = h.reason, state_since_at = $2::timestamptz
      from held h where j.id = h.id
      returning j.id, j.project, j.flow_run_id, j.reason, h.was, h.was_site),
    ${cancelTransfersSql("'its job goes to another site'")},
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
      select $2::timestamptz, 'job.recalled', 'job', id, project, flow_run_id,
        jsonb_build_object('siteId', was_site, 'reason', reason) from changed order by id)
   select c.id as "jobId", c.was_site as "fromSiteId", c.was = 'stagingIn' as "wasStaging"
   from changed c order by c.id`,
);

/**
 * Makes jobs queued again that shall go to other sites: those which are still where they were seen,
 * and which no pilot has.
 */
export async function recallJobs(
  tx: Executor,
  moves: readonly Move[],
  at: string,
): Promise<RecalledJob[]> {
  if (moves.length === 0) return [];
  const rows = moves.map(({ jobId, fromSiteId, reason }) => ({ jobId, fromSiteId, reason }));
  return tx.run(recall, jsonb(rows), at);
}
