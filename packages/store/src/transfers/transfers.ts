import type { Transfer, TransferItem } from '@interpulse/domain/transfer/transfer.ts';
import { eventColumns } from '../events/append-events.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';
import type { ChannelAddress } from '../sites/read-sites.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** A transfer to be written. */
export interface NewTransfer {
  id: Transfer['id'];
  label: string;
  project: string;
  ownerId: string;
  jobId: string | null;
  flowRunId: string | null;
  flowStep: number | null;
  source: string;
  destination: string;
  items: TransferItem[];
  /** Known to both ends and to nobody else. */
  secret: string;
}

const columns = `t.id, t.label, t.project, coalesce(u.name, t.owner_id) as owner,
  t.job_id as "jobId", t.flow_run_id as "flowRunId", t.source, t.destination, t.items, t.state,
  t.reason, t.attempt, t.bytes_done as "bytesDone", t.bytes_total as "bytesTotal",
  t.files_done as "filesDone", t.created_at as "createdAt", t.started_at as "startedAt",
  t.ended_at as "endedAt"`;

const selectOne = statement<Transfer, [string]>(
  'get_transfer',
  `select ${columns} from transfers t left join users u on u.id = t.owner_id where t.id = $1`,
);

/** One transfer, or undefined. */
export async function findTransfer(db: Executor, id: string): Promise<Transfer | undefined> {
  return (await db.run(selectOne, id))[0];
}

const selectThese = statement<Transfer, [readonly string[]]>(
  'get_transfers',
  `select ${columns} from transfers t left join users u on u.id = t.owner_id where t.id = any($1)`,
);

/** Transfers by their ids, as many as there are. */
export async function findTransfers(db: Executor, ids: readonly string[]): Promise<Transfer[]> {
  return ids.length === 0 ? [] : db.run(selectThese, ids);
}

/** Which transfers; all conditions hold together. */
export interface TransferFilter {
  projects: readonly string[] | null;
  state?: string | undefined;
  flowRunId?: string | undefined;
  jobId?: string | undefined;
  before?: string | undefined;
  limit: number;
}

/** Transfers, newest first. */
export async function listTransfers(db: Executor, filter: TransferFilter): Promise<Transfer[]> {
  const conditions = new Conditions();
  conditions.add('t.project = any(?::text[])', filter.projects);
  conditions.add('t.state = ?', filter.state);
  conditions.add('t.flow_run_id = ?', filter.flowRunId);
  conditions.add('t.job_id = ?', filter.jobId);
  conditions.add('t.id < ?', filter.before);
  const limit = conditions.parameter(filter.limit);
  return db.query<Transfer>(
    `select ${columns} from transfers t left join users u on u.id = t.owner_id ${conditions.where}
     order by t.id desc limit ${limit}`,
    conditions.values,
  );
}

/** A transfer as its ends must know it. */
export interface OpenTransfer {
  id: Transfer['id'];
  jobId: string | null;
  attempt: number;
  source: string;
  destination: string;
  items: TransferItem[];
  secret: string;
  sourceSiteId: string;
  destinationSiteId: string;
  /** Where the byte channels of both ends are reached; null where nobody can. */
  sourceChannel: ChannelAddress | null;
  destinationChannel: ChannelAddress | null;
  /** Where neither end can be reached: a third agent that passes the bytes on, if there is one. */
  relay: { siteId: string; channel: ChannelAddress } | null;
}

const openColumns = `t.id, t.job_id as "jobId", t.attempt, t.source, t.destination, t.items,
  t.secret,
  sc.site_id as "sourceSiteId", dc.site_id as "destinationSiteId",
  (select channel from sites where id = sc.site_id) as "sourceChannel",
  (select channel from sites where id = dc.site_id) as "destinationChannel",
  (select jsonb_build_object('siteId', id, 'channel', channel) from sites
   where channel is not null and not silent and not closed and not exists (
     select from sites e where e.id in (sc.site_id, dc.site_id) and e.channel is not null)
   order by id limit 1) as relay`;
const openJoins = `join collections sc on sc.name = t.source
  join collections dc on dc.name = t.destination`;

/** $1 transfers, $2 now. */
const insert = statement<OpenTransfer, [string, string]>(
  'insert_transfers',
  `with asked as materialized (
      select r.*, (select count(*) from collections c join sites s on s.id = c.site_id
          where c.name in (r.source, r.destination) and not s.silent)
        = case when r.source = r.destination then 1 else 2 end as goes
      from jsonb_to_recordset($1::jsonb) as r(id text, label text, project text, "ownerId" text,
        "jobId" text, "flowRunId" text, "flowStep" integer, source text, destination text,
        items jsonb, secret text)),
    added as (
      insert into transfers (id, label, project, owner_id, job_id, flow_run_id, flow_step, source,
        destination, items, state, attempt, secret, created_at, started_at)
      select id, label, project, "ownerId", "jobId", "flowRunId", "flowStep", source, destination,
        items, case when goes then 'active' else 'queued' end, case when goes then 1 else 0 end,
        secret, $2::timestamptz, case when goes then $2::timestamptz end
      from asked returning *),
    history as (
      insert into events (${eventColumns})
      select $2::timestamptz, case when state = 'active' then 'transfer.dispatched'
          else 'transfer.queued' end, 'transfer', id, project, flow_run_id, owner_id,
        jsonb_strip_nulls(jsonb_build_object('source', source, 'destination', destination,
          'jobId', job_id, 'attempt', nullif(attempt, 0))) from added order by id)
  select ${openColumns} from added t ${openJoins} where t.state = 'active' order by t.id`,
);

/**
 * Writes transfers: active where both ends answer, queued otherwise. Answers the active ones, as
 * their ends are to be told.
 */
export async function insertTransfers(
  tx: Executor,
  transfers: readonly NewTransfer[],
  at: string,
): Promise<OpenTransfer[]> {
  return transfers.length === 0 ? [] : tx.run(insert, jsonb(transfers), at);
}

const dispatch = statement<OpenTransfer, [string, number]>(
  'dispatch_transfers',
  `with due as (
      select t.id from transfers t ${openJoins}
      join sites ss on ss.id = sc.site_id and not ss.silent
      join sites ds on ds.id = dc.site_id and not ds.silent
      where t.state = 'queued' and coalesce(t.not_before_at, $1::timestamptz) <= $1::timestamptz
      order by t.id limit $2 for update of t skip locked),
    changed as (
      update transfers t set state = 'active', attempt = attempt + 1, reason = null,
        started_at = coalesce(started_at, $1::timestamptz)
      from due where t.id = due.id returning t.*),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
      select $1::timestamptz, 'transfer.dispatched', 'transfer', id, project, flow_run_id,
        jsonb_build_object('attempt', attempt, 'jobId', job_id) from changed)
  select ${openColumns} from changed t ${openJoins}`,
);

/** Makes queued transfers whose sites both answer active; their ends are told afterwards. */
export async function dispatchTransfers(
  tx: Executor,
  at: string,
  limit: number,
): Promise<OpenTransfer[]> {
  return tx.run(dispatch, at, limit);
}

const selectActive = statement<OpenTransfer, [string]>(
  'active_transfers_of_site',
  `select ${openColumns} from transfers t ${openJoins}
   where t.state = 'active' and (sc.site_id = $1 or dc.site_id = $1)`,
);

/** Active transfers of which a site is an end: told again to an agent that restarted. */
export async function activeTransfersOfSite(db: Executor, siteId: string): Promise<OpenTransfer[]> {
  return db.run(selectActive, siteId);
}

const selectOpen = statement<{ id: Transfer['id'] }, [readonly string[]]>(
  'open_transfers',
  `select id from transfers where id = any($1) and state in ('queued', 'active')`,
);

/** Which of these have not ended. */
export async function openTransfers(
  db: Executor,
  ids: readonly Transfer['id'][],
): Promise<Transfer['id'][]> {
  return ids.length === 0 ? [] : (await db.run(selectOpen, ids)).map(({ id }) => id);
}

const soon = statement<{ at: string | null }, [string]>(
  'next_transfer',
  `select min(not_before_at) as at from transfers
   where state = 'queued' and not_before_at > $1::timestamptz`,
);

/**
 * When the next queued transfer may be tried again; null when none waits for a time. Those whose
 * time has come already wait for a site, and are woken by it.
 */
export async function nextTransferAt(db: Executor, now: string): Promise<string | null> {
  return (await db.run(soon, now))[0]?.at ?? null;
}

const canceledSince = statement<{ id: Transfer['id'] }, [string, string]>(
  'canceled_transfers',
  `select distinct t.id from events e
   join transfers t on t.id = e.subject_id and t.state = 'canceled' and t.attempt > 0
   join collections c on c.name in (t.source, t.destination)
   where e.subject_type = 'transfer' and e.kind = 'transfer.canceled'
     and e.at > $2::timestamptz and c.site_id = $1`,
);

/** Transfers that were canceled of late and of which a site is an end. */
export async function canceledTransfers(
  db: Executor,
  siteId: string,
  since: string,
): Promise<Transfer['id'][]> {
  return (await db.run(canceledSince, siteId, since)).map(({ id }) => id);
}

const observeLink = statement<never, [string, string, number]>(
  'observe_link',
  `insert into link_rates as l (source, destination, samples, bytes_per_second)
   values ($1, $2, 1, $3)
   on conflict (source, destination) do update set samples = l.samples + 1,
     bytes_per_second = 1 / (1 / l.bytes_per_second
       + (1 / excluded.bytes_per_second - 1 / l.bytes_per_second)
       * greatest(0.2, 1.0 / (l.samples + 1)))`,
);

/**
 * Learns from a transfer between two collections: a moving average of the seconds that a byte
 * takes, for what is expected of the next one is a time. (Rates scatter widely; their mean promises
 * less time than transfers take on average.)
 */
export async function observeLinkRate(
  tx: Executor,
  source: string,
  destination: string,
  bytesPerSecond: number,
): Promise<void> {
  await tx.run(observeLink, source, destination, bytesPerSecond);
}
