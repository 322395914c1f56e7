import type { FlowBatchProgress } from '@interpulse/domain/flow-run/flow-batch.ts';
import type { Executor } from '../executor.ts';

/** Ends that tell the pace of a bulk start. */
const lastEnds = 50;
/** Reasons that are told, the most frequent ones, and flow runs of each. */
const reasons = 50;
const examples = 8;

/** What is read of how the flow runs of a bulk start went. */
export interface BatchProgressRow extends Omit<FlowBatchProgress, 'expectedEndAt'> {
  /** Newest first. */
  lastEndsAt: string[];
}

/**
 * How the flow runs of a bulk start went. Reasons that differ only in ids and numbers are one: the
 * newest of them is told.
 */
export async function readBatchProgress(db: Executor, batchId: string): Promise<BatchProgressRow> {
  const rows = await db.query<BatchProgressRow>(
    `with runs as (select id, label, status, reason, started_at, ended_at from flow_runs
       where batch_id = $1),
     failed as (select reason, id, label, regexp_replace(coalesce(reason, ''),
         '\\m[a-z]+_[0-9a-z]{20,}\\M|\\d+(\\.\\d+)?', '#', 'g') as form
       from runs where status = 'FAILED'),
     groups as (select coalesce((array_agg(reason order by id desc))[1], 'without a reason')
           as reason, count(*)::integer as count,
         to_jsonb((array_agg(jsonb_build_object('id', id, 'label', label) order by id desc))[1:$3])
           as examples
       from failed group by form order by 2 desc, 1 limit $4),
     times as (select percentile_cont(array[0.5, 0.9, 1]) within group (
           order by extract(epoch from ended_at - started_at)::float8) as quantiles
       from runs where status = 'SUCCEEDED'),
     again as (select batch_id as id, count(*)::integer as count,
         count(*) filter (where status = 'SUCCEEDED')::integer as succeeded
       from flow_runs where rerun_of in (select id from runs) and batch_id is not null group by 1)
     select (select case when quantiles is null then null else jsonb_build_object(
         'p50', quantiles[1], 'p90', quantiles[2], 'longest', quantiles[3]) end from times)
         as "runSeconds",
       coalesce((select jsonb_agg(groups) from groups), '[]') as failures,
       coalesce((select jsonb_agg(again order by id) from again), '[]') as "doneAgain",
       array(select ended_at from runs where ended_at is not null
         order by ended_at desc limit $2) as "lastEndsAt"`,
    [batchId, lastEnds, examples, reasons],
  );
  return rows[0] ?? { runSeconds: null, failures: [], doneAgain: [], lastEndsAt: [] };
}
