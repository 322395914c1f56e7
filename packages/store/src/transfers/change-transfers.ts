import type { Transfer, TransferredFile } from '@interpulse/domain/transfer/transfer.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** What became of a transfer, with what hangs on it. */
export interface ChangedTransfer {
  id: string;
  state: Transfer['state'];
  attempt: number;
  jobId: string | null;
  flowRunId: string | null;
  flowStep: number | null;
  source: string;
  destination: string;
  startedAt: string | null;
  reason: string | null;
}

const changedColumns = `id, state, attempt, job_id as "jobId", flow_run_id as "flowRunId",
  flow_step as "flowStep", source, destination, started_at as "startedAt", reason`;

/** Only the site that receives speaks for a transfer; null stands for the hub itself. */
const receives = (site: string) => `(${site}::text is null or exists (select from collections c
  where c.name = transfers.destination and c.site_id = ${site}))`;

/** In these words no index of states is taken for it: rows are found by their ids. */
const isActive = `transfers.state || '' = 'active'`;

const progress = statement<never, [string, string | null]>(
  'transfer_progress',
  `update transfers set bytes_done = p.bytes_done, bytes_total = p.bytes_total,
     files_done = p.files_done
   from jsonb_to_recordset($1::jsonb) as p(id text, attempt integer, bytes_done bigint,
     bytes_total bigint, files_done integer)
   where transfers.id = p.id and transfers.attempt = p.attempt and ${isActive}
     and ${receives('$2')}`,
);

/** How far an attempt at a transfer has come. */
export interface TransferProgress {
  transferId: string;
  attempt: number;
  bytesDone: number;
  bytesTotal: number | null;
  filesDone: number;
}

/** Notes how far current attempts have come; no two words of one transfer. */
export async function noteProgress(
  tx: Executor,
  siteId: string,
  seen: readonly TransferProgress[],
): Promise<void> {
  if (seen.length === 0) return;
  const rows = seen.map((each) => ({
    id: each.transferId,
    attempt: each.attempt,
    bytes_done: each.bytesDone,
    bytes_total: each.bytesTotal,
    files_done: each.filesDone,
  }));
  await tx.run(progress, jsonb(rows), siteId);
}

/** How an attempt at a transfer ended. */
export interface TransferEnd {
  id: string;
  attempt: number;
  state: 'queued' | 'succeeded' | 'failed';
  reason: string | null;
  notBeforeAt: string | null;
  bytesDone: number;
  filesDone: number;
  files: TransferredFile[];
}

const end = statement<ChangedTransfer, [string, string, string | null]>(
  'end_transfers',
  `with changed as (
      update transfers set state = e.state, reason = e.reason, not_before_at = e.not_before_at,
        bytes_done = greatest(transfers.bytes_done, e.bytes_done),
        files_done = greatest(transfers.files_done, e.files_done), files = e.files,
        ended_at = case when e.state = 'queued' then null else $2::timestamptz end
      from jsonb_to_recordset($1::jsonb) as e(id text, attempt integer, state text, reason text,
        not_before_at timestamptz, bytes_done bigint, files_done integer, files jsonb)
      where transfers.id = e.id and transfers.attempt = e.attempt and ${isActive}
        and ${receives('$3')} returning transfers.*),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
      select $2::timestamptz, case when state = 'queued' then 'transfer.faulted'
          else 'transfer.' || state end, 'transfer', id, project, flow_run_id,
        jsonb_strip_nulls(jsonb_build_object('attempt', attempt, 'reason', reason,
          'bytes', bytes_done, 'jobId', job_id)) from changed)
  select ${changedColumns} from changed order by id`,
);

/**
 * Ends current attempts of transfers, no two of one; what is not current changes nothing. `siteId`
 * is the site that says so, null when the hub does.
 */
export async function endTransferAttempts(
  tx: Executor,
  siteId: string | null,
  ends: readonly TransferEnd[],
  at: string,
): Promise<ChangedTransfer[]> {
  if (ends.length === 0) return [];
  const rows = ends.map((each) => ({
    id: each.id,
    attempt: each.attempt,
    state: each.state,
    reason: each.reason,
    not_before_at: each.notBeforeAt,
    bytes_done: each.bytesDone,
    files_done: each.filesDone,
    files: each.files,
  }));
  return tx.run(end, jsonb(rows), at, siteId);
}

const lockJobs = statement<never, [readonly string[]]>(
  'lock_jobs_of_transfers',
  `select id from jobs where id in (select job_id from transfers where id = any($1))
   order by id for update`,
);

/**
 * Locks the jobs whose files transfers bring, before the transfers are ended: jobs that are
 * canceled or lost are locked before their transfers, and who goes the other way would wait for
 * them.
 */
export async function lockJobsOfTransfers(
  tx: Executor,
  transferIds: readonly string[],
): Promise<void> {
  await tx.run(lockJobs, transferIds);
}

const cancel = statement<ChangedTransfer, [string, string, string | null, string]>(
  'cancel_transfer',
  `with changed as (
      update transfers set state = 'canceled', reason = $4, ended_at = $2::timestamptz
      where id = $1 and state in ('queued', 'active') returning *),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, actor, data)
      select $2::timestamptz, 'transfer.canceled', 'transfer', id, project, flow_run_id, $3,
        jsonb_build_object('reason', $4::text) from changed)
  select ${changedColumns} from changed`,
);

/** Cancels a transfer that has not ended; answers undefined when it had. */
export async function cancelTransfer(
  tx: Executor,
  id: string,
  at: string,
  actor: string | null,
  reason: string,
): Promise<ChangedTransfer | undefined> {
  return (await tx.run(cancel, id, at, actor, reason))[0];
}
