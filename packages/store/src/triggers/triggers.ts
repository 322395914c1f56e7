import type { Trigger, TriggerPause } from '@interpulse/domain/trigger/trigger.ts';
import { sourceSubject } from '@interpulse/domain/trigger/source-subject.ts';
import { urgencyNumber, urgencyOf } from '../jobs/job-row.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { startListening } from '../notices/notice-settings.ts';
import { statement } from '../statement.ts';

interface TriggerRow extends Omit<Trigger, 'urgency'> {
  urgency: number;
  ownerId: string;
}

/** A trigger with the id of the account under which its flow runs run. */
export interface StoredTrigger extends Trigger {
  ownerId: string;
}

const select = `select t.id, t.name, t.source, t.flow_name as "flowName", t.input, t.label,
    t.when_true as "when", t.dedup_key as "dedupKey", t.rate_limit as "rateLimit", t.deadline,
    t.urgency, t.tags, t.notify, t.pause is null as enabled, t.pause, t.project,
    coalesce(u.name, t.owner_id) as "runAs", t.owner_id as "ownerId",
    t.next_due_at as "nextDueAt", t.queued_events as "queuedEvents", t.created_at as "createdAt"
  from triggers t left join users u on u.id = t.owner_id`;

const triggerOf = (row: TriggerRow): StoredTrigger => ({ ...row, urgency: urgencyOf(row.urgency) });

const selectFor = statement<TriggerRow & { subject: string }, [string[]]>(
  'triggers_of_subjects',
  `${select.replace('select t.id', 'select t.subject, t.id')}
   where t.subject = any($1) order by t.name`,
);

/** The triggers that may hear of events with these subjects, by subject; the paused ones too. */
export async function triggersOfSubjects(
  db: Executor,
  subjects: readonly string[],
): Promise<Map<string, StoredTrigger[]>> {
  const found = new Map<string, StoredTrigger[]>();
  for (const { subject, ...row } of await db.run(selectFor, [...subjects])) {
    const known = found.get(subject);
    if (known === undefined) found.set(subject, [triggerOf(row)]);
    else known.push(triggerOf(row));
  }
  return found;
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

const selectOne = statement<TriggerRow, [string]>('find_trigger', `${select} where t.name = $1`);

/** One trigger, or undefined. */
export async function findTrigger(db: Executor, name: string): Promise<StoredTrigger | undefined> {
  const [row] = await db.run(selectOne, name);
  return row && triggerOf(row);
}

/** The service accounts under which triggers start a flow, by name. */
export async function accountsStarting(db: Executor, flowName: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select distinct u.name from triggers t join users u on u.id = t.owner_id
     where t.flow_name = $1 and u.kind = 'serviceAccount' order by u.name`,
    [flowName],
  );
  return rows.map(({ name }) => name);
}

/** A trigger to be written; what the store keeps by itself is left out. */
export type TriggerToSave = Omit<StoredTrigger, 'runAs' | 'createdAt' | 'enabled' | 'queuedEvents'>;

/** Adds or changes a trigger. A change keeps its id, project, queue and secret. */
export async function saveTrigger(tx: Executor, trigger: TriggerToSave, at: string): Promise<void> {
  await tx.query(
    `insert into triggers (name, id, source, subject, flow_name, input, label, when_true, dedup_key,
       rate_limit, deadline, urgency, tags, pause, project, owner_id, next_due_at, created_at,
       enabled_at, notify)
     values ($1, $2, $3::jsonb, $4, $5, $6::jsonb, $7, $8, $9, $10::jsonb, $11::jsonb, $12,
       $13::jsonb, $14::jsonb, $15, $16, $17::timestamptz, $18::timestamptz, $18::timestamptz,
       $19::jsonb)
     on conflict (name) do update set source = excluded.source, subject = excluded.subject,
       flow_name = excluded.flow_name, input = excluded.input, label = excluded.label,
       when_true = excluded.when_true, dedup_key = excluded.dedup_key,
       rate_limit = excluded.rate_limit, deadline = excluded.deadline, urgency = excluded.urgency,
       tags = excluded.tags, notify = excluded.notify, pause = excluded.pause,
       next_due_at = excluded.next_due_at,
       owner_id = excluded.owner_id, enabled_at = excluded.enabled_at`,
    [
      trigger.name,
      trigger.id,
      jsonb(trigger.source),
      sourceSubject(trigger.source, trigger.name, trigger.project),
      trigger.flowName,
      jsonb(trigger.input),
      trigger.label,
      trigger.when,
      trigger.dedupKey,
      trigger.rateLimit === null ? null : jsonb(trigger.rateLimit),
      jsonb(trigger.deadline),
      urgencyNumber(trigger.urgency),
      jsonb(trigger.tags),
      trigger.pause === null ? null : jsonb(trigger.pause),
      trigger.project,
      trigger.ownerId,
      trigger.nextDueAt,
      at,
      jsonb(trigger.notify),
    ],
  );
  if (trigger.notify.length > 0) await startListening(tx);
}

/** Pauses a trigger, or lets it go on (`pause` null); a schedule is due at `nextDueAt` then. */
export async function pauseTrigger(
  tx: Executor,
  name: string,
  change: { pause: TriggerPause | null; nextDueAt: string | null; at: string },
): Promise<void> {
  await tx.query(
    `update triggers set pause = $2::jsonb, next_due_at = $3::timestamptz,
       enabled_at = case when $2::jsonb is null then $4::timestamptz else enabled_at end,
       next_start_at = case when $2::jsonb is null and queued_events > 0 then $4::timestamptz end
     where name = $1`,
    [name, change.pause === null ? null : jsonb(change.pause), change.nextDueAt, change.at],
  );
}

/** Deletes a trigger with what it remembers of events. */
export async function deleteTrigger(tx: Executor, name: string): Promise<void> {
  await tx.query('delete from triggers where name = $1', [name]);
  await tx.query('delete from trigger_firings where trigger_name = $1', [name]);
}

/** The secrets by which a webhook's deliveries are known; the old one for a while. */
export interface WebhookSecrets {
  secret: string | null;
  oldSecret: string | null;
  oldSecretUntil: string | null;
}

/** The secrets of a webhook's trigger, or undefined. */
export async function webhookSecrets(
  db: Executor,
  name: string,
): Promise<WebhookSecrets | undefined> {
  const [row] = await db.query<WebhookSecrets>(
    `select webhook_secret as secret, old_secret as "oldSecret",
       old_secret_until as "oldSecretUntil" from triggers where name = $1`,
    [name],
  );
  return row;
}

/** Gives a webhook a new secret; the one before is good until `oldSecretUntil`. */
export async function setWebhookSecret(
  tx: Executor,
  name: string,
  secret: string | null,
  oldSecretUntil: string | null,
): Promise<void> {
  await tx.query(
    `update triggers set webhook_secret = $2, old_secret_until = $3::timestamptz,
       old_secret = case when $3::timestamptz is null then null else webhook_secret end
     where name = $1`,
    [name, secret, oldSecretUntil],
  );
}
