import type { JsonObject } from '@interpulse/domain/json.ts';
import type { FiringOutcome } from '@interpulse/domain/trigger/trigger-firing.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** What became of an event at a trigger, to be written. */
export interface NewFiring {
  trigger: string;
  key: string;
  summary: string;
  outcome: FiringOutcome;
  reason: string | null;
  flowRunId: string | null;
  at: string;
  /** The event, where it is needed later; null where not. */
  document: JsonObject | null;
  /** How many triggers lead up to its flow run, one after the other, this one too. */
  depth: number;
}

const claim = statement<{ isNew: boolean }, unknown[]>(
  'claim_firing',
  `insert into trigger_firings as f
     (trigger_name, key, summary, outcome, reason, flow_run_id, at, started_at, document, depth)
   values ($1, $2, $3, $4, $5, $6, $7::timestamptz,
     case when $4 = 'fired' then $7::timestamptz end, $8::jsonb, $9)
   on conflict (trigger_name, key) do update set repeats = f.repeats + 1
   returning f.repeats = 0 as "isNew"`,
);

/**
 * Claims an event's key for a trigger and writes what becomes of it; false when it was claimed
 * before, here or by another hub: then only the repeat is counted.
 */
export async function claimFiring(tx: Executor, firing: NewFiring): Promise<boolean> {
  const { trigger, key, summary, outcome, reason, flowRunId, at, document, depth } = firing;
  const event = [trigger, key, summary, outcome, reason, flowRunId, at];
  const kept = document === null ? null : jsonb(document);
  return (await tx.run(claim, ...event, kept, depth))[0]?.isNew ?? false;
}

const reclaim = statement<{ key: string }, unknown[]>(
  'reclaim_firing',
  `update trigger_firings set summary = $3, outcome = 'fired', reason = null, flow_run_id = $4,
     at = $5::timestamptz, started_at = $5::timestamptz, document = $6::jsonb, depth = $7
   where trigger_name = $1 and key = $2 and outcome = 'filtered' returning key`,
);

/**
 * Claims a key that an earlier event claimed only to be filtered; false when another event had it.
 * For keys that several events share: the first of them to count fires.
 */
export async function reclaimFiring(tx: Executor, firing: NewFiring): Promise<boolean> {
  const { trigger, key, summary, flowRunId, at, document, depth } = firing;
  const kept = document === null ? null : jsonb(document);
  const found = await tx.run(reclaim, trigger, key, summary, flowRunId, at, kept, depth);
  return found.length > 0;
}

const settle = statement<never, unknown[]>(
  'settle_firing',
  `update trigger_firings set outcome = $3, reason = $4, flow_run_id = $5,
     started_at = case when $3 = 'fired' then $6::timestamptz end,
     document = case when $3 = 'queued' then $7::jsonb
       when $8::boolean then document else null end
   where trigger_name = $1 and key = $2`,
);

/** Changes what became of an event; `at` is when its flow run was started. */
export async function settleFiring(
  tx: Executor,
  firing: Pick<
    NewFiring,
    'trigger' | 'key' | 'outcome' | 'reason' | 'flowRunId' | 'at' | 'document'
  > & {
    /** Whether a document that is there stays there. */
    keepsDocument: boolean;
  },
): Promise<void> {
  const { trigger, key, outcome, reason, flowRunId, at, document, keepsDocument } = firing;
  const kept = document === null ? null : jsonb(document);
  await tx.run(settle, trigger, key, outcome, reason, flowRunId, at, kept, keepsDocument);
}

const streak = statement<{ count: number }, [string, number]>(
  'recent_failures',
  `select count(*)::integer as count from (
     select outcome from trigger_firings f
     where trigger_name = $1 and outcome in ('fired', 'failed')
       and at >= (select enabled_at from triggers where name = $1)
     order by at desc, sequence desc limit $2) newest
   where outcome = 'failed'`,
);

/** How many of the newest `most` events that asked for a start failed, since it was enabled. */
export async function recentFailures(tx: Executor, trigger: string, most: number): Promise<number> {
  return (await tx.run(streak, trigger, most))[0]?.count ?? 0;
}

/** What a rate limit is held against. */
export interface RateState {
  queuedEvents: number;
  /** When the `most`-th newest flow run was started; null when there were fewer. */
  nthNewestAt: string | null;
}

const lock = statement<{ queuedEvents: number }, [string]>(
  'lock_trigger',
  `select queued_events as "queuedEvents" from triggers where name = $1 for no key update`,
);

const nthNewest = statement<{ at: string }, [string, string, number]>(
  'nth_newest_firing',
  `select started_at as at from trigger_firings
   where trigger_name = $1 and started_at is not null and key <> $2
   order by started_at desc offset $3 limit 1`,
);

/**
 * Locks a trigger until the end of the transaction, so that its limit is held by all hubs
 * together, and reads where it stands. The event's own key does not count.
 */
export async function lockRate(
  tx: Executor,
  trigger: string,
  key: string,
  most: number,
): Promise<RateState> {
  const [row] = await tx.run(lock, trigger);
  const [nth] = await tx.run(nthNewest, trigger, key, most - 1);
  return { queuedEvents: row?.queuedEvents ?? 0, nthNewestAt: nth?.at ?? null };
}

/** Notes how many events wait for room and when the first of them has it. */
export async function noteQueue(
  tx: Executor,
  trigger: string,
  queue: { added: number; nextStartAt: string | null },
): Promise<void> {
  await tx.query(
    `update triggers set queued_events = greatest(0, queued_events + $2),
       next_start_at = case when queued_events + $2 > 0 then $3::timestamptz end
     where name = $1`,
    [trigger, queue.added, queue.nextStartAt],
  );
}

/** Lets a newer event take the place of those that wait; answers how many there were. */
export async function supersedeQueued(
  tx: Executor,
  trigger: string,
  reason: string,
  butKey: string,
): Promise<number> {
  const rows = await tx.query<{ key: string }>(
    `update trigger_firings set outcome = 'superseded', reason = $2, document = null
     where trigger_name = $1 and outcome = 'queued' and key <> $3 returning key`,
    [trigger, reason, butKey],
  );
  return rows.length;
}

/** Triggers with queued events whose time has come, and when the next one's comes. */
export async function triggersToStart(
  db: Executor,
  now: string,
  limit: number,
): Promise<{ due: string[]; nextAt: string | null }> {
  const rows = await db.query<{ name: string; at: string }>(
    `select name, next_start_at as at from triggers
     where next_start_at is not null and pause is null order by next_start_at limit $1`,
    [limit],
  );
  const due = rows.filter(({ at }) => at <= now).map(({ name }) => name);
  return { due, nextAt: rows.find(({ at }) => at > now)?.at ?? null };
}

/** The oldest events of a trigger that wait for room. */
export async function queuedFirings(
  tx: Executor,
  trigger: string,
  limit: number,
): Promise<{ key: string; document: JsonObject }[]> {
  return tx.query(
    `select key, document from trigger_firings where trigger_name = $1 and outcome = 'queued'
     order by sequence limit $2`,
    [trigger, limit],
  );
}

/** Schedules that are due at `now`, locked against other hubs; the earliest first. */
export async function lockDueSchedules(
  tx: Executor,
  now: string,
  limit: number,
): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `select name from triggers where next_due_at <= $1::timestamptz and pause is null
     order by next_due_at limit $2 for no key update skip locked`,
    [now, limit],
  );
  return rows.map(({ name }) => name);
}

/** Notes when a schedule is due next. */
export async function setNextDue(
  tx: Executor,
  trigger: string,
  nextDueAt: string | null,
): Promise<void> {
  await tx.query('update triggers set next_due_at = $2::timestamptz where name = $1', [
    trigger,
    nextDueAt,
  ]);
}

/** The enabled schedules and when they are due next. */
export async function listSchedules(
  db: Executor,
): Promise<{ name: string; source: unknown; nextDueAt: string | null }[]> {
  return db.query(
    `select name, source, next_due_at as "nextDueAt" from triggers
     where source ->> 'kind' = 'schedule' and pause is null order by next_due_at nulls last`,
  );
}

const depthOf = statement<{ depth: number }, [string]>(
  'trigger_depth',
  'select depth from trigger_firings where flow_run_id = $1 limit 1',
);

/** How many triggers lead up to a flow run, one after the other; 0 when a person started it. */
export async function triggerDepth(db: Executor, flowRunId: string): Promise<number> {
  return (await db.run(depthOf, flowRunId))[0]?.depth ?? 0;
}

/** Forgets events that are past their time, and those of a storm beyond what is kept. */
export async function forgetFirings(
  db: Executor,
  before: { fired: string; others: string; kept: number },
): Promise<void> {
  await db.query(
    `delete from trigger_firings where outcome <> 'queued'
       and at < case when outcome = 'fired' then $1::timestamptz else $2::timestamptz end`,
    [before.fired, before.others],
  );
  await db.query(
    `update trigger_firings set document = null where document is not null
       and outcome <> 'queued' and at < $1::timestamptz`,
    [before.others],
  );
  await db.query(
    `delete from trigger_firings f using (
       select trigger_name, sequence from (
         select trigger_name, sequence, row_number() over
           (partition by trigger_name order by sequence desc) as n
         from trigger_firings where outcome not in ('fired', 'queued')) newest
       where n = $1) oldest
     where f.trigger_name = oldest.trigger_name and f.sequence < oldest.sequence
       and f.outcome not in ('fired', 'queued')`,
    [before.kept],
  );
}
