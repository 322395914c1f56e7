import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** Where an action stands: `canceling` and `releasing` are told to it, then it is `ended`. */
export type ActionRunStatus = 'active' | 'stalled' | 'canceling' | 'releasing' | 'ended';

/** An action that a hub has taken up, with all that it needs to carry it out. */
export interface ClaimedAction {
  id: string;
  flowRunId: string;
  step: number;
  /** The action's NAME, and the address that the flow's definition gives. */
  action: string;
  address: string;
  stateName: string;
  status: ActionRunStatus;
  request: JsonObject;
  memory: Json;
  callbackKey: string;
  /** This is its so-manieth time, from 1. */
  attempt: number;
  /** Times in a row that it was not available. */
  faults: number;
  /** What people read about it. */
  note: string | null;
  createdAt: string;
  deadlineAt: string;
  run: {
    id: string;
    project: string;
    ownerId: string;
    label: string;
    flowName: string;
  };
}

/** How a hub takes up what is due. */
export interface ClaimRequest {
  now: string;
  limit: number;
  /** Fences what the hub says later; nobody else takes the action up before its end. */
  lease: string;
  leasedUntil: string;
}

const claim = statement<ClaimedAction, [string, number, string, string]>(
  'claim_action_runs',
  `with picked as (
      select id from action_runs
      where due_at is not null and coalesce(leased_until, due_at) <= $1::timestamptz
      order by coalesce(leased_until, due_at) limit $2 for update skip locked),
    taken as (
      update action_runs a set lease = $3, leased_until = $4::timestamptz, nudged = false,
        attempt = attempt + 1
      from picked where a.id = picked.id returning a.*)
   select a.id, a.flow_run_id as "flowRunId", a.step, a.action, a.address,
     a.state_name as "stateName", a.status, a.request, a.memory,
     a.callback_key as "callbackKey", a.attempt, a.faults, a.note,
     a.created_at as "createdAt",
     a.deadline_at as "deadlineAt", jsonb_build_object('id', r.id, 'project',
       coalesce(a.project, r.project), 'ownerId', coalesce(a.owner_id, r.owner_id),
       'label', r.label, 'flowName', r.flow_name) as run
   from taken a join flow_runs r on r.id = a.flow_run_id`,
);

/** Takes up actions that are due, or whose hub has not been heard of; several hubs share them. */
export async function claimActionRuns(
  db: Executor,
  { now, limit, lease, leasedUntil }: ClaimRequest,
): Promise<ClaimedAction[]> {
  return db.run(claim, now, limit, lease, leasedUntil);
}

const next = statement<{ at: string | null }>(
  'next_action_run',
  `select min(coalesce(leased_until, due_at)) as at from action_runs where due_at is not null`,
);

/** When the next action is due, or a lease ends; null when there is none. */
export async function nextActionAt(db: Executor): Promise<string | null> {
  return (await db.run(next))[0]?.at ?? null;
}
