import type { Preview } from '@interpulse/domain/dataset/preview.ts';
import type { DatasetFile } from '@interpulse/domain/dataset/dataset.ts';
import type { DatasetId } from '@interpulse/domain/id.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { eventsParameter, insertEventsSql, type NewEvent } from '../events/append-events.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** A dataset to be registered. */
export interface NewDataset {
  id: DatasetId;
  title: string;
  kind: 'raw' | 'result';
  project: string;
  ownerId: string;
  instrument: string | null;
  shotNumber: number | null;
  flowRunId: string | null;
  jobId: string | null;
  derivedFrom: readonly string[];
  metadata: JsonObject;
  keywords: readonly string[];
  files: readonly DatasetFile[];
  preview: Preview | null;
  /** Names where it came from: the same source registers once. Null registers always. */
  sourceKey: string | null;
}

/** PostgreSQL's search vectors hold at most 1 MiB; metadata above this is kept but not found by. */
const searchableBytes = 256 * 1024;

const insert = statement<{ id: DatasetId }, unknown[]>(
  'insert_dataset',
  `with added as (
      insert into datasets (id, title, kind, project, owner_id, instrument, shot_number,
        flow_run_id, job_id, metadata, keywords, file_count, size_bytes, preview, source_key,
        created_at, search)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11::text[], $12, $13, $14::jsonb,
        $15, $16::timestamptz,
        -- A file's name is one word to PostgreSQL; taken apart, its beginning finds it too.
        setweight(to_tsvector('simple', concat_ws(' ', $2::text,
          translate($2::text, '._/:-', '     '), array_to_string($11::text[], ' '))), 'A') ||
        setweight(to_tsvector('simple', coalesce($6, '') || ' ' || $17), 'B') ||
        case when octet_length($10::jsonb::text) > ${searchableBytes} then ''::tsvector
          else jsonb_to_tsvector('simple', $10::jsonb, '["string", "numeric", "key"]') end)
      on conflict (source_key) do nothing returning id),
    files as (
      insert into dataset_files (dataset_id, position, location, size_bytes, modified_at, xxh3)
      select $1, n, f.location, f.size, f.modified, f.xxh3
      from rows from (jsonb_to_recordset($18::jsonb) as (location text, "sizeBytes" bigint,
        "modifiedAt" timestamptz, xxh3 text))
        with ordinality as f(location, size, modified, xxh3, n)
      where exists (select from added)),
    sources as (
      insert into dataset_sources (dataset_id, source_id)
      select $1, s.id from datasets s where s.id = any($19::text[]) and exists (select from added)),
    history as (${insertEventsSql('$20', 'exists (select from added)')})
  select id from added`,
);

function registered(dataset: NewDataset, at: string): NewEvent {
  return {
    at,
    kind: 'dataset.registered',
    subjectType: 'dataset',
    subjectId: dataset.id,
    project: dataset.project,
    flowRunId: dataset.flowRunId,
    actor: dataset.ownerId,
    data: { title: dataset.title, kind: dataset.kind, instrument: dataset.instrument },
  };
}

const findBySource = statement<{ id: DatasetId }, [string]>(
  'dataset_by_source',
  `select id from datasets where source_key = $1`,
);

/** Registers a dataset; a source that is registered already answers the dataset it made. */
export async function insertDataset(
  tx: Executor,
  dataset: NewDataset,
  at: string,
): Promise<{ id: DatasetId; isNew: boolean }> {
  const sizeBytes = dataset.files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  const names = dataset.files.slice(0, 100).map((file) => file.location.replace(/[:/._-]+/g, ' '));
  const [added] = await tx.run(
    insert,
    dataset.id,
    dataset.title,
    dataset.kind,
    dataset.project,
    dataset.ownerId,
    dataset.instrument,
    dataset.shotNumber,
    dataset.flowRunId,
    dataset.jobId,
    jsonb(dataset.metadata),
    [...dataset.keywords],
    dataset.files.length,
    sizeBytes,
    dataset.preview === null ? null : jsonb(dataset.preview),
    dataset.sourceKey,
    at,
    names.join(' '),
    jsonb(dataset.files),
    [...dataset.derivedFrom],
    eventsParameter([registered(dataset, at)]),
  );
  if (added === undefined) {
    const [known] = await tx.run(findBySource, dataset.sourceKey ?? '');
    return { id: known?.id ?? dataset.id, isNew: false };
  }
  return { id: dataset.id, isNew: true };
}

const checksums = statement<never, [string]>(
  'note_checksums',
  `with seen as (
      select distinct on (location) * from jsonb_to_recordset($1::jsonb)
        as c(location text, xxh3 text, size bigint)),
    known as (
      select d.dataset_id, d.position, c.xxh3, c.size, c.size - coalesce(d.size_bytes, 0) as more
      from dataset_files d join seen c on c.location = d.location
      where d.xxh3 is distinct from c.xxh3 for update of d),
    files as (
      update dataset_files d set xxh3 = k.xxh3, size_bytes = k.size from known k
      where d.dataset_id = k.dataset_id and d.position = k.position)
   update datasets d set size_bytes = d.size_bytes + k.more
   from (select dataset_id, sum(more) as more from known group by dataset_id) k
   where d.id = k.dataset_id and k.more <> 0`,
);

/** Notes checksums and sizes that were taken while files travelled. */
export async function noteChecksums(
  tx: Executor,
  files: readonly { location: string; xxh3: string; size: number }[],
): Promise<void> {
  if (files.length > 0) await tx.run(checksums, jsonb(files));
}

const selectPreview = statement<{ preview: Preview }, [string]>(
  'preview_of_location',
  `select preview from job_previews where location = $1 order by job_id desc limit 1`,
);

/** The preview that a job left at a location, or null. */
export async function previewAtLocation(db: Executor, location: string): Promise<Preview | null> {
  return (await db.run(selectPreview, location))[0]?.preview ?? null;
}

/** A file as the job that made it, or the transfer that brought it, reported it. */
export interface MadeFile {
  location: string;
  jobId: string | null;
  sizeBytes: number;
  /** Taken on the way; null of a file that never travelled. */
  xxh3: string | null;
}

const selectMade = statement<MadeFile, [string[], string]>(
  'made_files_by_location',
  `with outputs as (
      select j.id as job_id, o.location, o."sizeBytes" as size from jobs j,
        jsonb_to_recordset(j.outputs) as o(location text, "sizeBytes" bigint)
      where j.flow_run_id = $2),
    moved as (
      select t.destination || ':' || f.path as location, f.source, f."sizeBytes" as size, f.xxh3
      from transfers t, jsonb_to_recordset(t.files)
        as f(path text, source text, "sizeBytes" bigint, xxh3 text, status text)
      where t.flow_run_id = $2 and f.status <> 'failed' and f.xxh3 <> '')
   select location, job_id as "jobId", size as "sizeBytes",
     (select m.xxh3 from moved m where m.source = o.location limit 1) as xxh3
   from outputs o where location = any($1)
   union all
   select m.location, o.job_id, m.size, m.xxh3
   from moved m left join outputs o on o.location = m.source where m.location = any($1)`,
);

/** What the jobs and transfers of a flow run reported of files: sizes, checksums, which job. */
export async function madeFilesAt(
  db: Executor,
  locations: readonly string[],
  flowRunId: string,
): Promise<MadeFile[]> {
  return db.run(selectMade, [...locations], flowRunId);
}
