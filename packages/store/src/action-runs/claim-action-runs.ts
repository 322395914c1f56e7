import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import type { Executor } from '../executor.ts';
import { livingHoldersSql } from '../hub-presence.ts';
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
  /** What of it people may not read. */
  privateWords: string[];
  memory: Json;
  callbackKey: string;
  /** This is its so-manieth time, from 1. */
  attempt: number;
  /** Times in a row that it was not available. */
  faults: number;
  /** What people read about it. */
  note: string | null;
  lastError: string | null;
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
  /** The hub, see `holderOf`. */
  holder: number;
  /** The sites whose agents are connected to it. */
  sites: readonly string[];
}

/**
 * What is asked of a site's agent is for the hub that has its session. Another hub looks at it
 * after so long: soon for the first time, so that people read why it waits, then since a collection
 * may be at another site by now.
 */
const strangerPause = `interval '1 second' * (case when attempt = 0 then 1 else 30 end)`;

/** For all hubs, or for one that has one of these sites. */
const isOurs = (sites: string): string =>
  `(site_id is null or status <> 'active' or site_id = any(${sites}::text[]))`;

const claim = statement<ClaimedAction, [string, number, string, string, number, readonly string[]]>(
  'claim_action_runs',
  `with picked as (
      select id from action_runs
      where due_at is not null and coalesce(leased_until, due_at) <= $1::timestamptz
        and (${isOurs('$6')}
          or due_at <= $1::timestamptz - ${strangerPause})
      order by coalesce(leased_until, due_at) limit $2 for update skip locked),
    taken as (
      update action_runs a set lease = $3, leased_until = $4::timestamptz, nudged = false,
        attempt = attempt + 1, holder = $5
      from picked where a.id = picked.id returning a.*)
   select a.id, a.flow_run_id as "flowRunId", a.step, a.action, a.address,
     a.state_name as "stateName", a.status, a.request, a.memory,
     a.private_words as "privateWords",
     a.callback_key as "callbackKey", a.attempt, a.faults, a.note,
     a.last_error as "lastError", a.created_at as "createdAt",
     a.deadline_at as "deadlineAt", jsonb_build_object('id', r.id, 'project',
       coalesce(a.project, r.project), 'ownerId', coalesce(a.owner_id, r.owner_id),
       'label', r.label, 'flowName', r.flow_name) as run
   from taken a join flow_runs r on r.id = a.flow_run_id`,
);

/** Takes up actions that are due, or whose hub has not been heard of; several hubs share them. */
export async function claimActionRuns(
  db: Executor,
  { now, limit, lease, leasedUntil, holder, sites }: ClaimRequest,
): Promise<ClaimedAction[]> {
  return db.run(claim, now, limit, lease, leasedUntil, holder, sites);
}

/** When there is something to do for a hub. */
export interface NextAction {
  /** When the next action is due, or a lease ends; null when there is none. */
  at: string | null;
  /** Whether other hubs, as far as is known, carry out something. */
  othersAtWork: boolean;
}

const next = statement<NextAction, [readonly string[], number]>(
  'next_action_run',
  `select least(
      (select coalesce(leased_until, due_at) from action_runs
       where due_at is not null and ${isOurs('$1')}
       order by coalesce(leased_until, due_at) limit 1),
      (select min(due_at + ${strangerPause}) from action_runs
       where due_at is not null and site_id is not null and not ${isOurs('$1')}
         and lease is null)) as at,
     exists (select from action_runs where lease is not null and holder <> $2) as "othersAtWork"`,
);

/** When a hub is to look again. */
export async function nextAction(
  db: Executor,
  { sites, holder }: Pick<ClaimRequest, 'sites' | 'holder'>,
): Promise<NextAction> {
  return (await db.run(next, sites, holder))[0] ?? { at: null, othersAtWork: false };
}

const free = statement<{ id: string }, [string, number]>(
  'free_action_runs_of_the_dead',
  `update action_runs set leased_until = $1::timestamptz
   where lease is not null and holder <> $2 and leased_until > $1::timestamptz
     and holder not in (${livingHoldersSql})
   returning id`,
);

/** Ends the leases of hubs that are gone; answers how many. */
export async function freeActionsOfTheDead(
  db: Executor,
  { now, holder }: Pick<ClaimRequest, 'now' | 'holder'>,
): Promise<number> {
  return (await db.run(free, now, holder)).length;
}
