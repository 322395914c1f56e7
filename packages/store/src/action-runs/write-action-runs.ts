import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import type { ActionRunStatus } from './claim-action-runs.ts';

/** An action to be carried out after the commit. */
export interface NewActionRun {
  id: string;
  flowRunId: string;
  step: number;
  action: string;
  address: string;
  stateName: string;
  request: JsonObject;
  /** What of the request its notes may not repeat. */
  privateWords: string[];
  callbackKey: string;
  deadlineAt: string;
  /** For whom it is carried out. */
  ownerId: string;
  project: string;
  /** The agent of the site that has it is asked; null when no agent is. */
  collection: string | null;
}

const insert = statement<never, unknown[]>(
  'insert_action_run',
  `insert into action_runs (id, flow_run_id, step, action, address, state_name, request,
     callback_key, deadline_at, created_at, due_at, owner_id, project, site_id,
     private_words)
   values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9::timestamptz, $10::timestamptz,
     $10::timestamptz, $11, $12, (select site_id from collections where name = $13),
     $14::jsonb)`,
);

/** Writes an action that is due at once. */
export async function insertActionRun(tx: Executor, row: NewActionRun, at: string): Promise<void> {
  await tx.run(
    insert,
    row.id,
    row.flowRunId,
    row.step,
    row.action,
    row.address,
    row.stateName,
    jsonb(row.request),
    row.callbackKey,
    row.deadlineAt,
    at,
    row.ownerId,
    row.project,
    row.collection,
    jsonb(row.privateWords),
  );
}

/** What became of an action that a hub had taken up. */
export interface ActionSettled {
  id: string;
  /** The lease under which it was carried out. */
  lease: string;
  status: ActionRunStatus;
  /** Undefined leaves it as it is. */
  memory: Json | undefined;
  note: string | null;
  lastError: string | null;
  faults: number;
  /** When it is due again; null for never, or not before somebody resumes it. */
  dueAt: string | null;
  at: string;
  /** At whose agent it goes on; null leaves it as it is. */
  siteId: string | null;
}

const settle = statement<{ status: ActionRunStatus }, unknown[]>(
  'settle_action_run',
  `update action_runs set
     status = case when status = 'canceling' and $3 in ('active', 'stalled') then status
       else $3 end,
     memory = case when $3 = 'ended' then 'null' else coalesce($4::jsonb, memory) end,
     request = case when $3 = 'ended' then '{}' else request end,
     private_words = case when $3 = 'ended' then '[]' else private_words end,
     note = case when $3 = 'ended' then null else $5 end,
     last_error = $6, faults = $7,
     due_at = case when $3 = 'ended' then null
       when nudged or (status = 'canceling' and $3 in ('active', 'stalled')) then $9::timestamptz
       else $8::timestamptz end,
     ended_at = case when $3 = 'ended' then $9::timestamptz end,
     nudged = false, lease = null, leased_until = null, site_id = coalesce($10, site_id)
   where id = $1 and lease = $2 returning status`,
);

/** Writes what became of an action; false when the lease is not the caller's any more. */
export async function settleActionRun(tx: Executor, settled: ActionSettled): Promise<boolean> {
  const rows = await tx.run(
    settle,
    settled.id,
    settled.lease,
    settled.status,
    settled.memory === undefined ? null : jsonb(settled.memory),
    settled.note,
    settled.lastError,
    settled.faults,
    settled.dueAt,
    settled.at,
    settled.siteId,
  );
  return rows.length > 0;
}

const giveUp = statement<{ id: string }, [string, number, string]>(
  'give_up_action_run',
  `update action_runs set
     status = case when attempt = 0 then 'ended' else 'canceling' end,
     request = case when attempt = 0 then '{}' else request end,
     private_words = case when attempt = 0 then '[]' else private_words end,
     due_at = case when attempt = 0 then null else $3::timestamptz end,
     ended_at = case when attempt = 0 then $3::timestamptz end, attempt = 0, faults = 0
   where flow_run_id = $1 and step = $2 and status in ('active', 'stalled') returning id`,
);

/** The flow run has given a step up: its action is canceled, if it began. False without one. */
export async function giveUpActionRun(
  tx: Executor,
  flowRunId: string,
  step: number,
  at: string,
): Promise<boolean> {
  return (await tx.run(giveUp, flowRunId, step, at)).length > 0;
}

const resume = statement<{ id: string }, [string, number, string]>(
  'resume_action_run',
  `update action_runs set status = 'active', nudged = true, due_at = $3::timestamptz
   where flow_run_id = $1 and step = $2 and status = 'stalled' returning id`,
);

/** An action that waited for a person goes on. */
export async function resumeActionRun(
  tx: Executor,
  flowRunId: string,
  step: number,
  at: string,
): Promise<boolean> {
  return (await tx.run(resume, flowRunId, step, at)).length > 0;
}

const nudge = statement<{ id: string }, [string, string]>(
  'nudge_action_run',
  `update action_runs set nudged = true, due_at = least(due_at, $2::timestamptz)
   where id = $1 and status in ('active', 'stalled') returning id`,
);

/** Somebody says that an action has news: it is looked at now. */
export async function nudgeActionRun(tx: Executor, id: string, at: string): Promise<boolean> {
  return (await tx.run(nudge, id, at)).length > 0;
}

const callBack = statement<{ id: string }, [string, string, number]>(
  'call_back_action_run',
  `update action_runs set nudged = true, due_at = least(due_at, $2::timestamptz),
     called_back_ms = $3
   where id = $1 and status in ('active', 'stalled')
     and coalesce(called_back_ms, 0) < $3 returning id`,
);

/** The same by a provider's word; one said before, or sent again, changes nothing: false. */
export async function takeCallback(
  tx: Executor,
  id: string,
  saidMilliseconds: number,
  at: string,
): Promise<boolean> {
  return (await tx.run(callBack, id, at, saidMilliseconds)).length > 0;
}

const sweep = statement<never, [string]>(
  'forget_action_runs',
  `delete from action_runs where status = 'ended' and ended_at < $1::timestamptz`,
);

/** Forgets actions that have been over since before an instant. */
export async function forgetActionRuns(db: Executor, before: string): Promise<void> {
  await db.run(sweep, before);
}
