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
