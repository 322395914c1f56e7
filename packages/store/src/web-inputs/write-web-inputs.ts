import type { FlowRunId, WebInputId } from '@interpulse/domain/id.ts';
import type { Question } from '@interpulse/domain/web-input/question.ts';
import type { Respondents } from '@interpulse/domain/web-input/respondents.ts';
import type { WebInputEnd } from '@interpulse/domain/web-input/settle-web-input.ts';
import type { WebInputStatus } from '@interpulse/domain/web-input/web-input.ts';
import { eventsParameter, insertEventsSql, type NewEvent } from '../events/append-events.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** A question to be written. */
export interface NewWebInput {
  id: WebInputId;
  flowRunId: FlowRunId;
  step: number;
  stateName: string;
  project: string;
  question: Question;
  respondents: Respondents;
  respondentsPrivate: boolean;
  expiresAt: string;
}

const insert = statement<never, unknown[]>(
  'insert_web_input',
  `with history as (${insertEventsSql('$12')})
   insert into web_inputs (id, flow_run_id, step, state_name, project, question, users, projects,
     respondents_private, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6::json, $7::text[], $8::text[], $9, $10::timestamptz,
     $11::timestamptz)`,
);

/** Writes a question with its event, in the transaction of the step that asks it. */
export async function insertWebInput(tx: Executor, asked: NewWebInput, at: string): Promise<void> {
  const { id, flowRunId, step, stateName, project, question, respondents } = asked;
  await tx.run(
    insert,
    id,
    flowRunId,
    step,
    stateName,
    project,
    jsonb(question),
    respondents.users,
    respondents.projects,
    asked.respondentsPrivate,
    at,
    asked.expiresAt,
    eventsParameter([eventOf(asked, 'created', at, null)]),
  );
}

const lockRun = statement<never, [string]>(
  'lock_flow_run_of_web_input',
  'select from flow_runs where id = $1 for update',
);

/** Locks a flow run until the transaction ends, without reading it. */
export async function holdFlowRun(tx: Executor, flowRunId: string): Promise<void> {
  await tx.run(lockRun, flowRunId);
}

/** A question as its end needs it. Lock its flow run first: everyone does it in that order. */
export interface LockedWebInput {
  id: WebInputId;
  flowRunId: FlowRunId;
  stateName: string;
  project: string;
  question: Question;
  status: WebInputStatus;
  waitingSteps: number[];
  expiresAt: string;
  endedAt: string | null;
  endedBy: string | null;
  response: WebInputEnd['response'];
  comment: string;
}

const lockedColumns = `id, flow_run_id as "flowRunId", state_name as "stateName", project, question,
  status, waiting_steps as "waitingSteps", expires_at as "expiresAt", ended_at as "endedAt",
  ended_by as "endedBy", response, comment`;

const lock = statement<LockedWebInput, [string]>(
  'lock_web_input',
  `select ${lockedColumns} from web_inputs where id = $1 for update`,
);

/** Reads a question and locks it until the transaction ends. */
export async function lockWebInput(tx: Executor, id: string): Promise<LockedWebInput | undefined> {
  return (await tx.run(lock, id))[0];
}

const lockOpen = statement<LockedWebInput, [string]>(
  'lock_open_web_inputs',
  `select ${lockedColumns} from web_inputs where flow_run_id = $1 and status = 'open'
   order by step for update`,
);

/** The open questions of a flow run, locked. */
export async function lockOpenWebInputs(
  tx: Executor,
  flowRunId: string,
): Promise<LockedWebInput[]> {
  return tx.run(lockOpen, flowRunId);
}

const setWaiting = statement<never, [string, number[]]>(
  'set_web_input_waiting',
  `update web_inputs set waiting_steps = $2::integer[] where id = $1`,
);

/** Says which steps wait for the answer to a locked question. */
export async function setWaitingSteps(tx: Executor, id: string, steps: number[]): Promise<void> {
  await tx.run(setWaiting, id, steps);
}

const end = statement<{ id: string }, unknown[]>(
  'end_web_input',
  `with ended as (
      update web_inputs set status = $2, ended_at = $3::timestamptz, ended_by = $4,
        response = $5::json, comment = $6, waiting_steps = '{}'
      where id = $1 and status = 'open' returning id),
    history as (${insertEventsSql('$7', 'exists (select from ended)')})
   select id from ended`,
);

/** Ends an open question with its event; false when it was none. */
export async function endWebInput(
  tx: Executor,
  asked: LockedWebInput,
  how: WebInputEnd,
  actor: string | null,
): Promise<boolean> {
  const { status, endedAt, endedBy, response, comment } = how;
  const event = eventOf(asked, status, endedAt, actor);
  const rows = await tx.run(
    end,
    asked.id,
    status,
    endedAt,
    endedBy,
    jsonb(response),
    comment,
    eventsParameter([event]),
  );
  return rows.length > 0;
}

const countOpen = statement<{ count: number }, [string]>(
  'count_open_web_inputs',
  `select count(*)::integer as count from web_inputs where flow_run_id = $1 and status = 'open'`,
);

/** How many questions a flow run has open. */
export async function countOpenWebInputs(db: Executor, flowRunId: string): Promise<number> {
  return (await db.run(countOpen, flowRunId))[0]?.count ?? 0;
}

const due = statement<{ id: WebInputId; flowRunId: FlowRunId }, [string, number]>(
  'due_web_inputs',
  `select id, flow_run_id as "flowRunId" from web_inputs
   where status = 'open' and expires_at <= $1::timestamptz order by expires_at limit $2`,
);

/** Open questions that nobody may answer any more. */
export async function dueWebInputs(
  db: Executor,
  now: string,
  limit: number,
): Promise<{ id: WebInputId; flowRunId: FlowRunId }[]> {
  return db.run(due, now, limit);
}

const next = statement<{ at: string | null }>(
  'next_web_input_expiry',
  `select min(expires_at) as at from web_inputs where status = 'open'`,
);

/** When the next question expires; null when none is open. */
export async function nextWebInputExpiry(db: Executor): Promise<string | null> {
  return (await db.run(next))[0]?.at ?? null;
}

const missing = statement<{ name: string }, [string[], string[]]>(
  'missing_respondents',
  `select 'user:' || n as name from unnest($1::text[]) n
     where not exists (select from users where name = n)
   union all select 'project:' || n from unnest($2::text[]) n
     where not exists (select from projects where name = n)`,
);

/** Respondents that there are not, as `user:NAME` and `project:NAME`. */
export async function missingRespondents(
  db: Executor,
  { users, projects }: Respondents,
): Promise<string[]> {
  return (await db.run(missing, users, projects)).map(({ name }) => name);
}

function eventOf(
  asked: Pick<LockedWebInput, 'id' | 'flowRunId' | 'stateName' | 'project' | 'question'>,
  what: string,
  at: string,
  actor: string | null,
): NewEvent {
  return {
    at,
    kind: `webInput.${what}`,
    subjectType: 'webInput',
    subjectId: asked.id,
    project: asked.project,
    flowRunId: asked.flowRunId,
    actor,
    data: { title: asked.question.title, state: asked.stateName },
  };
}
