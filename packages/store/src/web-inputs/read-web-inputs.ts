import type { FlowPeople, FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import type { WebInput } from '@interpulse/domain/web-input/web-input.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';

/** A question as stored, with what the decisions about it need. */
export interface StoredWebInput extends Omit<WebInput, 'mayAnswer' | 'mayClose' | 'respondents'> {
  /** Of the flow run's owner. */
  ownerId: string;
  users: string[];
  projects: string[];
  respondentsPrivate: boolean;
  /** Who has a part in the flow run, and in all runs of its flow: see `flowRunThing`. */
  parts: Pick<FlowRun, 'managers' | 'monitors'> & Pick<FlowPeople, 'runManagers' | 'runMonitors'>;
}

const columns = `w.id, w.status, w.flow_run_id as "flowRunId", r.flow_name as "flowName", r.label,
  w.state_name as "stateName", w.project, r.owner_id as "ownerId", w.question, w.users, w.projects,
  w.respondents_private as "respondentsPrivate", cardinality(w.waiting_steps) > 0 as awaited,
  w.created_at as "createdAt", w.expires_at as "expiresAt", w.ended_at as "endedAt",
  w.ended_by as "endedBy", w.response, w.comment,
  jsonb_build_object('managers', r.managers, 'monitors', r.monitors,
    'runManagers', coalesce(f.run_managers, '{}'),
    'runMonitors', coalesce(f.run_monitors, '{}')) as parts`;
const source = `from web_inputs w join flow_runs r on r.id = w.flow_run_id
  left join flows f on f.name = r.flow_name`;

/** One question, or undefined. */
export async function findWebInput(db: Executor, id: string): Promise<StoredWebInput | undefined> {
  const [row] = await db.query<StoredWebInput>(`select ${columns} ${source} where w.id = $1`, [id]);
  return row;
}

/** Someone by whom questions may be seen or answered. */
export interface WebInputReader {
  name: string;
  /** Projects of which all is seen; null for all of them. */
  sees: readonly string[] | null;
  /** By which flow runs may be shared with the reader: see `granteesOf`. */
  grantees: readonly string[];
  /** Projects in whose name answers may be given; null for all of them. */
  answersFor: readonly string[] | null;
}

/** Which questions; all conditions hold together. */
export interface WebInputFilter {
  /** `mine`: open ones that the reader may answer. */
  filter: 'mine' | 'open' | 'ended' | 'all';
  reader: WebInputReader;
  flowRun?: string | undefined;
  flow?: string | undefined;
  project?: string | undefined;
  before?: string | undefined;
  limit: number;
}

/** Questions, newest first. */
export async function listWebInputs(
  db: Executor,
  { filter, reader, ...rest }: WebInputFilter,
): Promise<StoredWebInput[]> {
  const conditions = new Conditions();
  if (filter === 'mine' || filter === 'open') conditions.always(`w.status = 'open'`);
  if (filter === 'ended') conditions.always(`w.status <> 'open'`);
  if (filter === 'mine') conditions.always(mayAnswer(conditions, reader));
  else if (reader.sees !== null) {
    const sees = conditions.parameter(reader.sees);
    conditions.always(`(w.project = any(${sees}::text[]) or ${concerns(conditions, reader)})`);
  }
  conditions.add('w.flow_run_id = ?', rest.flowRun);
  conditions.add('r.flow_name = ?', rest.flow);
  conditions.add('w.project = ?', rest.project);
  conditions.add('w.id < ?', rest.before);
  const limit = conditions.parameter(rest.limit);
  const text = `select ${columns} ${source} ${conditions.where} order by w.id desc limit ${limit}`;
  return db.query<StoredWebInput>(text, conditions.values);
}

/** Which of these questions concern somebody of outside: see {@link concerns}. */
export async function webInputsFor(
  db: Executor,
  reader: WebInputReader,
  ids: readonly string[],
): Promise<string[]> {
  const conditions = new Conditions();
  conditions.add('w.id = any(?::text[])', ids);
  conditions.always(`(${concerns(conditions, reader)})`);
  const text = `select w.id from web_inputs w join flow_runs r on r.id = w.flow_run_id
    ${conditions.where}`;
  return (await db.query<{ id: string }>(text, conditions.values)).map(({ id }) => id);
}

/** The reader may answer it, or might have while it was open; or the flow run is shared with it. */
function concerns(conditions: Conditions, reader: WebInputReader): string {
  const names = conditions.parameter(reader.grantees);
  const flows = `select name from flows where run_readers && ${names}::text[]`;
  const isShared = `r.readers && ${names}::text[] or r.flow_name = any(array(${flows}))`;
  return `${isShared} or ${mayAnswer(conditions, reader)}`;
}

function mayAnswer(conditions: Conditions, { name, answersFor }: WebInputReader): string {
  const named = `${conditions.parameter(name)}::text = any(w.users)`;
  if (answersFor === null) return `(${named} or w.projects <> '{}')`;
  return `(${named} or w.projects && ${conditions.parameter(answersFor)}::text[])`;
}
