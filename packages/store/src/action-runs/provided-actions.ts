import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** An action that somebody elsewhere started here: a flow run, with what was asked about it. */
export interface ProvidedAction {
  /** The flow run's id. */
  id: string;
  /** The path of the provider, such as `flows/NAME` or `transfer`. */
  provider: string;
  creatorId: string;
  requestId: string;
  requestHash: Buffer;
  label: string | null;
  monitorBy: string[] | null;
  manageBy: string[] | null;
  /** ISO 8601 duration, and the same in seconds. */
  releaseAfter: string;
  releaseSeconds: number;
  callbackUrl: string | null;
  callbackKey: string | null;
}

const insert = statement<never, unknown[]>(
  'insert_provided_action',
  `insert into provided_actions (id, provider, creator_id, request_id, request_hash, label,
     monitor_by, manage_by, release_after, release_seconds, callback_url, callback_key,
     callback_due_at, created_at)
   values ($1, $2, $3, $4, $5, $6, $7::text[], $8::text[], $9, $10, $11, $12,
     case when $11::text is not null then $13::timestamptz end, $13::timestamptz)`,
);

/** Notes what was asked about a flow run that is started in the same transaction. */
export async function insertProvidedAction(
  tx: Executor,
  action: ProvidedAction,
  at: string,
): Promise<void> {
  await tx.run(
    insert,
    action.id,
    action.provider,
    action.creatorId,
    action.requestId,
    action.requestHash,
    action.label,
    action.monitorBy,
    action.manageBy,
    action.releaseAfter,
    action.releaseSeconds,
    action.callbackUrl,
    action.callbackKey,
    at,
  );
}

const columns = `a.id, a.provider, a.creator_id as "creatorId", a.request_id as "requestId",
  a.request_hash as "requestHash", a.label, a.monitor_by as "monitorBy",
  a.manage_by as "manageBy", a.release_after as "releaseAfter",
  a.release_seconds as "releaseSeconds", a.callback_url as "callbackUrl",
  a.callback_key as "callbackKey"`;

const byRequest = statement<ProvidedAction & { isReleased: boolean }, [string, string, string]>(
  'provided_action_by_request',
  `select ${columns}, a.released_at is not null as "isReleased" from provided_actions a
   where creator_id = $1 and provider = $2 and request_id = $3`,
);

/** What somebody asked before with the same words; one of two at a time waits for the other. */
export async function findProvidedByRequest(
  tx: Executor,
  creatorId: string,
  provider: string,
  requestId: string,
): Promise<(ProvidedAction & { isReleased: boolean }) | undefined> {
  const words = `${creatorId} ${provider} ${requestId}`;
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [words]);
  return (await tx.run(byRequest, creatorId, provider, requestId))[0];
}

const byId = statement<ProvidedAction, [string, string, string]>(
  'provided_action',
  `select ${columns} from provided_actions a join flow_runs r on r.id = a.id
   where a.id = $1 and a.provider = $2 and a.released_at is null
     and (r.ended_at is null
       or r.ended_at + a.release_seconds * interval '1 second' > $3::timestamptz)`,
);

/** An action that has not been released, by its own doing or by time. */
export async function findProvidedAction(
  db: Executor,
  id: string,
  provider: string,
  now: string,
): Promise<ProvidedAction | undefined> {
  return (await db.run(byId, id, provider, now))[0];
}

const release = statement<{ id: string }, [string, string]>(
  'release_provided_action',
  `update provided_actions set released_at = $2::timestamptz
   where id = $1 and released_at is null returning id`,
);

/** From now on nothing is known of it by the contract; the flow run itself stays. */
export async function releaseProvidedAction(tx: Executor, id: string, at: string): Promise<void> {
  await tx.run(release, id, at);
}

/** A word to be said to who started an action. */
export interface DueCallback {
  id: string;
  status: string;
  callbackUrl: string;
  callbackKey: string;
  attempts: number;
}

const claim = statement<DueCallback, [string, string, number, number]>(
  'claim_callbacks',
  `with due as (
      select a.id, r.status from provided_actions a join flow_runs r on r.id = a.id
      where a.callback_due_at <= $1::timestamptz and r.ended_at is not null
      order by a.callback_due_at limit $3 for update of a skip locked)
   update provided_actions a set callback_attempts = a.callback_attempts + 1,
     callback_due_at = case when a.callback_attempts + 1 < $4 then $2::timestamptz end
   from due where due.id = a.id
   returning a.id, due.status, a.callback_url as "callbackUrl", a.callback_key as "callbackKey",
     a.callback_attempts as attempts`,
);

/** Takes what is to be said of ended flow runs; it is due again later unless it was heard. */
export async function claimCallbacks(
  db: Executor,
  request: { now: string; againAt: string; limit: number; attempts: number },
): Promise<DueCallback[]> {
  const { now, againAt, limit, attempts } = request;
  return db.run(claim, now, againAt, limit, attempts);
}

const heard = statement<never, [string]>(
  'callback_heard',
  `update provided_actions set callback_due_at = null where id = $1`,
);

/** Who started the action has heard of its end. */
export async function noteCallbackHeard(db: Executor, id: string): Promise<void> {
  await db.run(heard, id);
}
