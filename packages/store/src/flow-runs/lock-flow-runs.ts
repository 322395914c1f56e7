import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** Work whose end flow runs may wait for. */
export type WorkOfFlowRuns =
  | { jobIds: readonly string[] }
  | { pilotIds: readonly string[] }
  | { siteId: string }
  | { transferIds: readonly string[] };

const lock = (name: string, which: string) =>
  statement<never, [string | readonly string[]]>(
    `lock_flow_runs_of_${name}`,
    `select from flow_runs where id in (
       select flow_run_id from jobs where ${which} and flow_run_id is not null)
     order by id for update`,
  );

const ofJobs = lock('jobs', 'id = any($1::text[])');
const ofPilots = lock('pilots', 'pilot_id = any($1::text[]) and ended_at is null');
const ofSite = lock('site', 'site_id = $1 and ended_at is null');

const ofTransfers = statement<never, [readonly string[]]>(
  'lock_flow_runs_of_transfers',
  `select from flow_runs where id in (
     select coalesce(t.flow_run_id, j.flow_run_id) from transfers t
       left join jobs j on j.id = t.job_id where t.id = any($1))
   order by id for update`,
);

/**
 * Locks the flow runs that may wait for work, before that work's own rows are touched: a flow run
 * that is canceled, or fails, holds its row and ends its jobs. In this order everywhere (flow runs
 * by id, then jobs by id, then transfers), nobody waits for each other.
 */
export async function lockFlowRunsOf(tx: Executor, work: WorkOfFlowRuns): Promise<void> {
  if ('siteId' in work) await tx.run(ofSite, work.siteId);
  else if ('transferIds' in work) await tx.run(ofTransfers, work.transferIds);
  else if ('pilotIds' in work) await tx.run(ofPilots, work.pilotIds);
  else if (work.jobIds.length > 0) await tx.run(ofJobs, work.jobIds);
}
