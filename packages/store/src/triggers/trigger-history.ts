import type { JsonObject, JsonTrail } from '@interpulse/domain/json.ts';
import type { OwnedFlowRun } from '../flow-runs/read-flow-runs.ts';
import { flowRunColumns, flowRunOf, flowRunSource } from '../flow-runs/read-flow-runs.ts';
import type { Executor } from '../executor.ts';

/** A time of the past and how many events of it are read, oldest first. */
export interface PastWindow {
  from: string;
  to: string;
  limit: number;
}

/** A dataset as it was registered. */
export interface PastDataset {
  id: string;
  title: string;
  kind: 'raw' | 'result';
  project: string;
  instrument: string | null;
  shotNumber: number | null;
  flowRunId: string | null;
  metadata: JsonObject;
  keywords: string[];
  sizeBytes: number;
  /** The first of its files. */
  files: string[];
  createdAt: string;
}

/** Datasets that were registered in a time, of an instrument or a project. */
export async function pastDatasets(
  db: Executor,
  of: { instrument: string } | { project: string },
  { from, to, limit }: PastWindow,
): Promise<PastDataset[]> {
  const [which, value] =
    'instrument' in of
      ? [`d.instrument = $1 and d.kind = 'raw' and d.flow_run_id is null`, of.instrument]
      : ['d.project = $1', of.project];
  return db.query(
    `select d.id, d.title, d.kind, d.project, d.instrument, d.shot_number as "shotNumber",
       d.flow_run_id as "flowRunId", d.metadata, d.keywords, d.size_bytes as "sizeBytes",
       d.created_at as "createdAt", array(select location from dataset_files f
         where f.dataset_id = d.id and f.position <= 1000 order by f.position) as files
     from datasets d where ${which} and d.created_at >= $2::timestamptz
       and d.created_at < $3::timestamptz order by d.id limit $4`,
    [value, from, to, limit],
  );
}

/** A run of an instrument as it is known. */
export interface PastRun {
  number: number;
  parameters: JsonObject;
  startedAt: string;
  endedAt: string | null;
}

/** Runs of an instrument that started, or ended, in a time. */
export async function pastRuns(
  db: Executor,
  instrument: string,
  on: 'start' | 'end',
  { from, to, limit }: PastWindow,
): Promise<PastRun[]> {
  const at = on === 'start' ? 'taken_at' : 'ended_at';
  return db.query(
    `select number, taken_at as "startedAt", ended_at as "endedAt",
       (select coalesce(jsonb_object_agg(key, value -> 'value'), '{}')
        from jsonb_each(parameters)) as parameters
     from shots where instrument = $1 and ${at} >= $2::timestamptz and ${at} < $3::timestamptz
     order by ${at} limit $4`,
    [instrument, from, to, limit],
  );
}

/** Parameters that were told for a run. */
export interface PastParameters {
  number: number;
  at: string;
  parameters: JsonObject;
}

/** What was told of parameters in a time, oldest first. */
export async function pastParameters(
  db: Executor,
  instrument: string,
  { from, to, limit }: PastWindow,
): Promise<PastParameters[]> {
  return db.query(
    `select run as number, at, parameters from run_events
     where instrument = $1 and parameters <> '{}' and at >= $2::timestamptz
       and at < $3::timestamptz order by at, run limit $4`,
    [instrument, from, to, limit],
  );
}

/** A flow run that ended, with its documents. */
export interface PastFlowRun {
  run: OwnedFlowRun;
  input: JsonObject;
  data: JsonObject;
  privatePaths: JsonTrail[];
}

/** Flow runs of a flow that ended in a time. */
export async function pastFlowRuns(
  db: Executor,
  of: { project: string; flowName: string },
  { from, to, limit }: PastWindow,
): Promise<PastFlowRun[]> {
  type Row = Parameters<typeof flowRunOf>[0] & Omit<PastFlowRun, 'run'>;
  const rows = await db.query<Row>(
    `select ${flowRunColumns}, r.input, r.run -> 'data' as data,
       coalesce(r.run -> 'privatePaths', '[]') as "privatePaths"
     ${flowRunSource} where r.project = $1 and r.flow_name = $2
       and r.ended_at >= $3::timestamptz and r.ended_at < $4::timestamptz
     order by r.ended_at limit $5`,
    [of.project, of.flowName, from, to, limit],
  );
  return rows.map(({ input, data, privatePaths, ...run }) => ({
    run: flowRunOf(run),
    input,
    data,
    privatePaths,
  }));
}

/** Deliveries of a webhook that are still kept, oldest first. */
export async function pastDeliveries(
  db: Executor,
  trigger: string,
  { from, to, limit }: PastWindow,
): Promise<{ key: string; at: string; document: JsonObject }[]> {
  return db.query(
    `select key, at, document from trigger_firings where trigger_name = $1
       and document is not null and at >= $2::timestamptz and at < $3::timestamptz
     order by at limit $4`,
    [trigger, from, to, limit],
  );
}
