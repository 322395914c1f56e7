import type { Trigger } from '@interpulse/domain/trigger/trigger.ts';
import { urgencyNumber, urgencyOf } from '../jobs/job-row.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

interface TriggerRow extends Omit<Trigger, 'urgency'> {
  urgency: number;
  ownerId: string;
}

/** A trigger with the id of the account under which its flow runs run. */
export interface StoredTrigger extends Trigger {
  ownerId: string;
}

const select = `select t.id, t.name, t.enabled, t.instrument, t.pattern,
    t.flow_name as "flowName", t.input, t.deadline, t.urgency, t.project,
    coalesce(u.name, t.owner_id) as "runAs", t.owner_id as "ownerId", t.created_at as "createdAt"
  from triggers t left join users u on u.id = t.owner_id`;

const triggerOf = (row: TriggerRow): StoredTrigger => ({ ...row, urgency: urgencyOf(row.urgency) });

const selectFor = statement<TriggerRow, [string]>(
  'triggers_of_instrument',
  `${select} where t.instrument = $1 and t.enabled order by t.name`,
);

/** The enabled triggers of an instrument. */
export async function triggersOfInstrument(
  db: Executor,
  instrument: string,
): Promise<StoredTrigger[]> {
  return (await db.run(selectFor, instrument)).map(triggerOf);
}

/** Triggers by name; `projects` null for all. */
export async function listTriggers(
  db: Executor,
  filter: { projects: readonly string[] | null; after?: string | undefined; limit: number },
): Promise<StoredTrigger[]> {
  const rows = await db.query<TriggerRow>(
    `${select} where ($1::text[] is null or t.project = any($1))
       and ($2::text is null or t.name > $2) order by t.name limit $3`,
    [filter.projects, filter.after ?? null, filter.limit],
  );
  return rows.map(triggerOf);
}

/** One trigger, or undefined. */
export async function findTrigger(db: Executor, name: string): Promise<StoredTrigger | undefined> {
  const [row] = await db.query<TriggerRow>(`${select} where t.name = $1`, [name]);
  return row && triggerOf(row);
}

/** Adds or changes a trigger. */
export async function saveTrigger(
  tx: Executor,
  trigger: Omit<StoredTrigger, 'runAs' | 'createdAt'>,
  at: string,
): Promise<void> {
  await tx.query(
    `insert into triggers (name, id, enabled, instrument, pattern, flow_name, input, deadline,
       urgency, project, owner_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9, $10, $11, $12)
     on conflict (name) do update set enabled = excluded.enabled, pattern = excluded.pattern,
       instrument = excluded.instrument, flow_name = excluded.flow_name, input = excluded.input,
       deadline = excluded.deadline, urgency = excluded.urgency`,
    [
      trigger.name,
      trigger.id,
      trigger.enabled,
      trigger.instrument,
      trigger.pattern,
      trigger.flowName,
      jsonb(trigger.input),
      jsonb(trigger.deadline),
      urgencyNumber(trigger.urgency),
      trigger.project,
      trigger.ownerId,
      at,
    ],
  );
}

/** Deletes a trigger. */
export async function deleteTrigger(tx: Executor, name: string): Promise<void> {
  await tx.query('delete from triggers where name = $1', [name]);
}

const fire = statement<{ flowRunId: string }, [string, string, string, string]>(
  'fire_trigger',
  `insert into trigger_firings (trigger_name, dataset_id, flow_run_id, fired_at)
   values ($1, $2, $3, $4::timestamptz) on conflict do nothing
   returning flow_run_id as "flowRunId"`,
);

/** Claims the one firing of a trigger for a dataset; false when it has fired already. */
export async function claimFiring(
  tx: Executor,
  trigger: string,
  datasetId: string,
  flowRunId: string,
  at: string,
): Promise<boolean> {
  return (await tx.run(fire, trigger, datasetId, flowRunId, at)).length > 0;
}
