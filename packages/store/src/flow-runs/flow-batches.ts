import type { FlowBatch } from '@interpulse/domain/flow-run/flow-batch.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';

/** How the flow runs of a bulk start are started, beside each one's item. */
export interface FlowBatchRequest {
  urgency: FlowBatch['urgency'];
  deadlineAt: string | null;
  tags: Record<string, string>;
  /** For flow runs that are done again; null for new ones. */
  rerun: { from: string; version: 'same' | 'newest' } | null;
}

/** A bulk start to be written. */
export interface NewFlowBatch extends Pick<
  FlowBatch,
  'id' | 'flowName' | 'project' | 'label' | 'createdAt'
> {
  ownerId: string;
  request: FlowBatchRequest;
  items: readonly NewFlowBatchItem[];
}

/** One flow run that a bulk start starts. */
export interface NewFlowBatchItem {
  input: JsonObject | null;
  datasetId: string | null;
  rerunOf: string | null;
}

const itemsPerInsert = 1_000;

/** Writes a bulk start; its flow runs are started by the reconciler of that name. */
export async function insertFlowBatch(tx: Executor, batch: NewFlowBatch): Promise<void> {
  await tx.query(
    `insert into flow_batches (id, flow_name, project, owner_id, label, request, total, created_at)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8)`,
    [
      batch.id,
      batch.flowName,
      batch.project,
      batch.ownerId,
      batch.label,
      jsonb(batch.request),
      batch.items.length,
      batch.createdAt,
    ],
  );
  for (let from = 0; from < batch.items.length; from += itemsPerInsert) {
    await tx.query(
      `insert into flow_batch_items (batch_id, position, input, dataset_id, rerun_of)
       select $1, $2 + n - 1, nullif(i.input, 'null'), i."datasetId", i."rerunOf"
       from rows from (jsonb_to_recordset($3::jsonb) as (input jsonb, "datasetId" text,
         "rerunOf" text)) with ordinality as i(input, "datasetId", "rerunOf", n)`,
      [batch.id, from, jsonb(batch.items.slice(from, from + itemsPerInsert))],
    );
  }
}

/** A bulk start with its owner's id, for the decision about access. */
export interface OwnedFlowBatch extends FlowBatch {
  ownerId: string;
}

const select = `select b.id, b.flow_name as "flowName", b.project, b.owner_id as "ownerId",
    coalesce(u.name, b.owner_id) as owner, b.label, b.request->>'urgency' as urgency,
    b.created_at as "createdAt", b.canceled_at as "canceledAt", b.total, items.waiting,
    items.faulty, coalesce(runs.counts, '{}') as "byStatus"
  from flow_batches b left join users u on u.id = b.owner_id
  left join lateral (
    select count(*) filter (where flow_run_id is null and fault is null)::integer as waiting,
      count(*) filter (where fault is not null)::integer as faulty
    from flow_batch_items where batch_id = b.id) items on true
  left join lateral (
    select jsonb_object_agg(status, n) as counts from (
      select status, count(*) as n from flow_runs where batch_id = b.id group by status) s
    ) runs on true`;

/** One bulk start, or undefined. */
export async function findFlowBatch(db: Executor, id: string): Promise<OwnedFlowBatch | undefined> {
  return (await db.query<OwnedFlowBatch>(`${select} where b.id = $1`, [id]))[0];
}

/** Bulk starts, newest first; `projects` null for all. */
export async function listFlowBatches(
  db: Executor,
  filter: {
    projects: readonly string[] | null;
    ownerId: string;
    flow?: string | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<OwnedFlowBatch[]> {
  const conditions = new Conditions();
  if (filter.projects !== null) {
    const projects = conditions.parameter(filter.projects);
    const owner = conditions.parameter(filter.ownerId);
    conditions.always(`(b.project = any(${projects}::text[]) or b.owner_id = ${owner})`);
  }
  conditions.add('b.flow_name = ?', filter.flow);
  conditions.add('b.id < ?', filter.before);
  const limit = conditions.parameter(filter.limit);
  const text = `${select} ${conditions.where} order by b.id desc limit ${limit}`;
  return db.query<OwnedFlowBatch>(text, conditions.values);
}

/** What of a bulk start could not be started, by position in it. */
export async function listBatchFaults(
  db: Executor,
  id: string,
  limit: number,
): Promise<{ position: number; reason: string }[]> {
  return db.query(
    `select position, fault as reason from flow_batch_items
     where batch_id = $1 and fault is not null order by position limit $2`,
    [id, limit],
  );
}

/** Some flow runs of one bulk start that are to be started now, locked. */
export interface FlowBatchChunk {
  batchId: string;
  flowName: string;
  project: string;
  ownerId: string;
  label: string;
  request: FlowBatchRequest;
  /** `title` is that of the dataset. */
  items: (NewFlowBatchItem & { position: number; title: string | null })[];
}

/** Takes the next items of the oldest bulk start that has some; others take other ones. */
export async function takeBatchChunk(
  tx: Executor,
  limit: number,
): Promise<FlowBatchChunk | undefined> {
  const items = await tx.query<FlowBatchChunk['items'][number] & { batchId: string }>(
    `select i.batch_id as "batchId", i.position, i.input, i.dataset_id as "datasetId",
       i.rerun_of as "rerunOf", d.title
     from flow_batch_items i left join datasets d on d.id = i.dataset_id
     where i.flow_run_id is null and i.fault is null
     order by i.batch_id, i.position limit $1 for update of i skip locked`,
    [limit],
  );
  const batchId = items[0]?.batchId;
  if (batchId === undefined) return undefined;
  const [batch] = await tx.query<Omit<FlowBatchChunk, 'items'>>(
    `select id as "batchId", flow_name as "flowName", project, owner_id as "ownerId", label,
       request from flow_batches where id = $1`,
    [batchId],
  );
  return batch && { ...batch, items: items.filter((item) => item.batchId === batchId) };
}

/** What became of an item: its flow run, or why there is none. */
export interface BatchItemEnd {
  position: number;
  flowRunId: string | null;
  fault: string | null;
}

/** Notes what became of items; those that have ended already stay as they are. */
export async function endBatchItems(
  tx: Executor,
  batchId: string,
  ends: readonly BatchItemEnd[],
): Promise<void> {
  await tx.query(
    `update flow_batch_items i set flow_run_id = e."flowRunId", fault = e.fault
     from jsonb_to_recordset($2::jsonb) as e(position integer, "flowRunId" text, fault text)
     where i.batch_id = $1 and i.position = e.position and i.flow_run_id is null
       and i.fault is null`,
    [batchId, jsonb(ends)],
  );
}

/** Starts no more flow runs of a bulk start; those that wait will not come. */
export async function cancelFlowBatch(tx: Executor, id: string, at: string): Promise<void> {
  await tx.query(`update flow_batches set canceled_at = coalesce(canceled_at, $2) where id = $1`, [
    id,
    at,
  ]);
  await tx.query(
    `update flow_batch_items set fault = 'canceled before it was started'
     where batch_id = $1 and flow_run_id is null and fault is null`,
    [id],
  );
}
