import type { Belonging, ListeningPerson } from '@interpulse/domain/notice/concerned-people.ts';
import type { FlowRunStatus } from '@interpulse/domain/flow-run/flow-run.ts';
import type { Respondents } from '@interpulse/domain/web-input/respondents.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** A flow run as a notice tells of it, with those whom it concerns. */
export interface FlowRunFacts extends Belonging {
  id: string;
  flow: string;
  label: string;
  status: FlowRunStatus;
  reason: string | null;
  trigger: string | null;
  deadlineAt: string | null;
  endedAt: string | null;
  /** Whether it asks somebody something: that is told with the question. */
  hasQuestion: boolean;
}

const owner = `case when u.id is null then null else jsonb_build_object('name', u.name,
  'kind', u.kind, 'project', u.project) end as owner`;

const flowRuns = statement<FlowRunFacts, [readonly string[]]>(
  'notice_facts_of_flow_runs',
  `select r.id, r.flow_name as flow, r.label, r.status, r.reason, r.trigger_name as trigger,
     r.deadline_at as "deadlineAt", r.ended_at as "endedAt", r.project, ${owner},
     r.managers || coalesce(f.run_managers, '{}') as managers,
     coalesce(f.notify, '[]') || coalesce(t.notify, '[]') as rules,
     exists (select from web_inputs w where w.flow_run_id = r.id and w.status = 'open')
       as "hasQuestion"
   from flow_runs r left join flows f on f.name = r.flow_name
   left join triggers t on t.name = r.trigger_name left join users u on u.id = r.owner_id
   where r.id = any($1)`,
);

/** Flow runs by id. */
export async function flowRunFacts(
  db: Executor,
  ids: readonly string[],
): Promise<Map<string, FlowRunFacts>> {
  const rows = ids.length === 0 ? [] : await db.run(flowRuns, ids);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A trigger as a notice tells of it. */
export interface TriggerFacts extends Belonging {
  name: string;
  flow: string;
}

const triggers = statement<TriggerFacts, [readonly string[]]>(
  'notice_facts_of_triggers',
  `select t.name, t.flow_name as flow, t.project, ${owner},
     coalesce(f.run_managers, '{}') as managers, t.notify as rules
   from triggers t left join users u on u.id = t.owner_id
   left join flows f on f.name = t.flow_name where t.name = any($1)`,
);

/** Triggers by name. */
export async function triggerFacts(
  db: Executor,
  names: readonly string[],
): Promise<Map<string, TriggerFacts>> {
  const rows = names.length === 0 ? [] : await db.run(triggers, names);
  return new Map(rows.map((row) => [row.name, row]));
}

/** An open question as a notice tells of it. */
export interface QuestionFacts {
  id: string;
  title: string;
  respondents: Respondents;
}

const questions = statement<QuestionFacts, [readonly string[]]>(
  'notice_facts_of_questions',
  `select id, coalesce(question->>'title', '') as title,
     jsonb_build_object('users', users, 'projects', projects) as respondents
   from web_inputs where id = any($1) and status = 'open'`,
);

/** Those of these questions that are open, by id. */
export async function questionFacts(
  db: Executor,
  ids: readonly string[],
): Promise<Map<string, QuestionFacts>> {
  const rows = ids.length === 0 ? [] : await db.run(questions, ids);
  return new Map(rows.map((row) => [row.id, row]));
}

const late = statement<{ id: string }, [string, string, number]>(
  'late_flow_runs',
  `select id from flow_runs where deadline_at is not null and ended_at is null
     and deadline_at <= $2::timestamptz
     and (deadline_at > $1::timestamptz or started_at > $1::timestamptz)
   order by deadline_at, id limit $3`,
);

/** Flow runs under way whose deadline passed between two instants, or that began late then. */
export async function lateFlowRuns(
  db: Executor,
  between: { from: string; to: string; limit: number },
): Promise<string[]> {
  return (await db.run(late, between.from, between.to, between.limit)).map(({ id }) => id);
}

const nextDeadline = statement<{ at: string | null }, [string]>(
  'next_flow_run_deadline',
  `select deadline_at as at from flow_runs where deadline_at is not null and ended_at is null
     and deadline_at > $1::timestamptz order by deadline_at limit 1`,
);

/** The next deadline of a flow run that is under way. */
export async function nextFlowRunDeadline(db: Executor, now: string): Promise<string | null> {
  return (await db.run(nextDeadline, now))[0]?.at ?? null;
}

const people = statement<ListeningPerson>(
  'people_who_listen',
  `select u.name, u.notices as settings, coalesce((select jsonb_object_agg(m.project, m.role)
     from project_members m where m.user_id = u.id), '{}') as projects
   from users u where u.notices is not null and u.notices->'to' <> '[]' order by u.name`,
);

/** Everyone who said where to be told. */
export async function peopleWhoListen(db: Executor): Promise<ListeningPerson[]> {
  return db.run(people);
}
