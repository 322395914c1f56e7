import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import type { ActionRunStatus } from './claim-action-runs.ts';

/** What people may see of an action: never its request or memory. */
export interface ActionRunNote {
  id: string;
  step: number;
  status: ActionRunStatus;
  attempt: number;
  note: string | null;
  lastError: string | null;
  dueAt: string | null;
}

const notes = statement<ActionRunNote, [string]>(
  'action_run_notes',
  `select id, step, status, attempt, note, last_error as "lastError", due_at as "dueAt"
   from action_runs where flow_run_id = $1 and status in ('active', 'stalled') order by step`,
);

/** The actions of a flow run that are under way. */
export async function actionRunNotes(db: Executor, flowRunId: string): Promise<ActionRunNote[]> {
  return db.run(notes, flowRunId);
}

const lastStatus = statement<{ step: number; status: JsonObject }, [string, number[]]>(
  'last_action_statuses',
  `select s.sequence as step, jsonb_build_object('status', 'ACTIVE',
       'action_id', coalesce(a.id, j.id, t.id),
       'display_status', coalesce(a.note, j.state, t.state),
       'details', case when j.id is null then '{}'::jsonb
         else jsonb_build_object('jobId', j.id, 'state', j.state, 'reason', j.reason) end)
     || coalesce(a.memory -> 'lastStatus', '{}') as status
   from flow_steps s
   left join action_runs a on a.flow_run_id = s.flow_run_id and a.step = s.sequence
   left join jobs j on j.id = s.job_id left join transfers t on t.id = s.transfer_id
   where s.flow_run_id = $1 and s.sequence = any($2::integer[])
     and (a.id is not null or j.id is not null or t.id is not null)`,
);

/** The newest status documents of actions under way, by step; of those elsewhere, as told there. */
export async function lastStatuses(
  db: Executor,
  flowRunId: string,
  steps: readonly number[],
): Promise<Map<number, JsonObject>> {
  const rows = await db.run(lastStatus, flowRunId, [...steps]);
  return new Map(rows.map(({ step, status }) => [step, status]));
}

const key = statement<{ callbackKey: string }, [string]>(
  'action_run_callback_key',
  `select callback_key as "callbackKey" from action_runs
   where id = $1 and status in ('active', 'stalled')`,
);

/** The key with which an action's provider signs its callbacks; undefined when it is over. */
export async function callbackKeyOf(db: Executor, id: string): Promise<string | undefined> {
  return (await db.run(key, id))[0]?.callbackKey;
}

/** An action as it is written down, with private values in clear: not for people. */
export interface KeptAction extends ActionRunNote {
  request: JsonObject;
  memory: Json;
  lease: string | null;
}

const kept = statement<KeptAction, [string]>(
  'kept_action_runs',
  `select id, step, status, attempt, note, last_error as "lastError", due_at as "dueAt", request,
     memory, lease from action_runs where flow_run_id = $1 order by step`,
);

/** All actions of a flow run, those that are over with nothing of what was asked. */
export async function keptActions(db: Executor, flowRunId: string): Promise<KeptAction[]> {
  return db.run(kept, flowRunId);
}
