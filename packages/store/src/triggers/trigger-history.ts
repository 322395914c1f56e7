import type { JsonObject, JsonTrail } from '@interpulse/domain/json.ts';
import type { OwnedFlowRun } from '../flow-runs/read-flow-runs.ts';
import { flowRunColumns, flowRunOf, flowRunSource } from '../flow-runs/read-flow-runs.ts';
import type { Executor } from '../executor.ts';

/** A time of the past and how many events of it are read, oldest first. */
export interface PastWindow {
  from: string;
  to: string;
  limit: number;
  /** When there are more, the newest of them instead of the oldest. */
  newest?: boolean;
}

/** Rows that were read in the order of {@link directionOf}, oldest first. */
function oldestFirst<T>(rows: T[], { newest }: PastWindow): T[] {
  return newest === true ? rows.toReversed() : rows;
}

function directionOf({ newest }: PastWindow): 'asc' | 'desc' {
  return newest === true ? 'desc' : 'asc';
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
  window: PastWindow,
): Promise<PastDataset[]> {
  const { from, to, limit } = window;
  const [which, value] =
    'instrument' in of
      ? [`d.instrument = $1 and d.kind = 'raw' and d.flow_run_id is null`, of.instrument]
      : ['d.project = $1', of.project];
  const rows = await db.query<PastDataset>(
    `select d.id, d.title, d.kind, d.project, d.instrument, d.shot_number as "shotNumber",
       d.flow_run_id as "flowRunId", d.metadata, d.keywords, d.size_bytes as "sizeBytes",
       d.created_at as "createdAt", array(select location from dataset_files f
         where f.dataset_id = d.id and f.position <= 1000 order by f.position) as files
     from datasets d where ${which} and d.created_at >= $2::timestamptz
       and d.created_at < $3::timestamptz order by d.id ${directionOf(window)} limit $4`,
    [value, from, to, limit],
  );
  return oldestFirst(rows, window);
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
  window: PastWindow,
): Promise<PastRun[]> {
  const { from, to, limit } = window;
  const at = on === 'start' ? 'taken_at' : 'ended_at';
  const rows = await db.query<PastRun>(
    `select number, taken_at as "startedAt", ended_at as "endedAt",
       (select coalesce(jsonb_object_agg(key, value -> 'value'), '{}')
        from jsonb_each(parameters)) as parameters
     from shots where instrument = $1 and ${at} >= $2::timestamptz and ${at} < $3::timestamptz
     order by ${at} ${directionOf(window)} limit $4`,
    [instrument, from, to, limit],
  );
  return oldestFirst(rows, window);
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
  window: PastWindow,
): Promise<PastParameters[]> {
  const { from, to, limit } = window;
  const direction = directionOf(window);
  const rows = await db.query<PastParameters>(
    `select run as number, at, parameters from run_events
     where instrument = $1 and parameters <> '{}' and at >= $2::timestamptz
       and at < $3::timestamptz order by at ${direction}, run ${direction} limit $4`,
    [instrument, from, to, limit],
  );
  return oldestFirst(rows, window);
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
  window: PastWindow,
): Promise<PastFlowRun[]> {
  const { from, to, limit } = window;
  type Row = Parameters<typeof flowRunOf>[0] & Omit<PastFlowRun, 'run'>;
  const rows = await db.query<Row>(
    `select ${flowRunColumns}, r.input, r.run -> 'data' as data,
       coalesce(r.run -> 'privatePaths', '[]') as "privatePaths"
     ${flowRunSource} where r.project = $1 and r.flow_name = $2
       and r.ended_at >= $3::timestamptz and r.ended_at < $4::timestamptz
     order by r.ended_at ${directionOf(window)} limit $5`,
    [of.project, of.flowName, from, to, limit],
  );
  return oldestFirst(rows, window).map(({ input, data, privatePaths, ...run }) => ({
    run: flowRunOf(run),
    input,
    data,
    privatePaths,
  }));
}

/** A delivery of a webhook, by the name of its event and with its document. */
export interface PastDelivery {
  key: string;
  at: string;
  document: JsonObject;
}

/** Deliveries of a webhook that are still kept, oldest first. */
export async function pastDeliveries(
  db: Executor,
  trigger: string,
  window: PastWindow,
): Promise<PastDelivery[]> {
  const { from, to, limit } = window;
  const rows = await db.query<PastDelivery>(
    `select key, at, document from trigger_firings where trigger_name = $1
       and document is not null and at >= $2::timestamptz and at < $3::timestamptz
     order by at ${directionOf(window)} limit $4`,
    [trigger, from, to, limit],
  );
  return oldestFirst(rows, window);
}
