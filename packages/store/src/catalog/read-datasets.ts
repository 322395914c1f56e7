import type { Dataset, DatasetFile } from '@interpulse/domain/dataset/dataset.ts';
import type { Preview } from '@interpulse/domain/dataset/preview.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';

/** A dataset with its owner's id, for the decision about access. */
export interface OwnedDataset extends Dataset {
  ownerId: string;
}

const columns = `d.id, d.title, d.kind, d.project, coalesce(u.name, d.owner_id) as owner,
  d.owner_id as "ownerId", d.instrument, d.shot_number as "shotNumber",
  d.flow_run_id as "flowRunId", d.job_id as "jobId",
  coalesce((select array_agg(source_id order by source_id) from dataset_sources
    where dataset_id = d.id), '{}') as "derivedFrom",
  d.metadata, d.keywords, d.file_count as "fileCount", d.size_bytes as "sizeBytes",
  d.preview is not null as "hasPreview", d.created_at as "createdAt"`;
const source = 'from datasets d left join users u on u.id = d.owner_id';

/** Which datasets; all conditions hold together. */
export interface DatasetFilter {
  projects: readonly string[] | null;
  /** Words, as websearch_to_tsquery reads them; the last may be the beginning of one. */
  q?: string | undefined;
  kind?: string | undefined;
  instrument?: string | undefined;
  project?: string | undefined;
  flowRunId?: string | undefined;
  ids?: readonly string[] | undefined;
  before?: string | undefined;
  limit: number;
}

/** Datasets, newest first. */
export async function listDatasets(db: Executor, filter: DatasetFilter): Promise<OwnedDataset[]> {
  const conditions = new Conditions();
  conditions.add('d.project = any(?::text[])', filter.projects);
  const query = filter.q?.trim();
  // A word still being typed finds what begins with it.
  conditions.add(
    `(d.search @@ websearch_to_tsquery('simple', ?) or d.search @@ to_tsquery('simple', rtrim(
      regexp_replace(trim(regexp_replace(?, '[^[:alnum:]]+', ' ', 'g')), '(\\S+)\\s*',
        '\\1:*&', 'g'), '&')))`,
    query,
  );
  conditions.add('d.kind = ?', filter.kind);
  conditions.add('d.instrument = ?', filter.instrument);
  conditions.add('d.project = ?', filter.project);
  conditions.add('d.flow_run_id = ?', filter.flowRunId);
  conditions.add('d.id = any(?::text[])', filter.ids);
  conditions.add('d.id < ?', filter.before);
  const limit = conditions.parameter(filter.limit);
  const text = `select ${columns} ${source} ${conditions.where} order by d.id desc limit ${limit}`;
  return db.query<OwnedDataset>(text, conditions.values);
}

/** One dataset, or undefined. */
export async function findDataset(db: Executor, id: string): Promise<OwnedDataset | undefined> {
  return (await db.query<OwnedDataset>(`select ${columns} ${source} where d.id = $1`, [id]))[0];
}

/** The files of a dataset in order. */
export async function listDatasetFiles(db: Executor, id: string): Promise<DatasetFile[]> {
  return db.query<DatasetFile>(
    `select location, size_bytes as "sizeBytes", modified_at as "modifiedAt", xxh3
     from dataset_files where dataset_id = $1 order by position`,
    [id],
  );
}

/** The first files of many datasets, by dataset. */
export async function firstFilesOf(
  db: Executor,
  ids: readonly string[],
  most: number,
): Promise<Map<string, DatasetFile[]>> {
  const rows = await db.query<{ id: string; files: DatasetFile[] }>(
    `select dataset_id as id, jsonb_agg(jsonb_build_object('location', location, 'sizeBytes',
       size_bytes, 'modifiedAt', modified_at, 'xxh3', xxh3) order by position) as files
     from dataset_files where dataset_id = any($1) and position < $2 group by dataset_id`,
    [ids, most],
  );
  return new Map(rows.map(({ id, files }) => [id, files]));
}

/** Whether a location is a file of a dataset. */
export async function isFileOf(db: Executor, id: string, location: string): Promise<boolean> {
  const rows = await db.query(
    'select from dataset_files where dataset_id = $1 and location = $2 limit 1',
    [id, location],
  );
  return rows.length > 0;
}

/** What a dataset was made from, and what was made from it; `projects` null for all. */
export async function listRelatives(
  db: Executor,
  id: string,
  projects: readonly string[] | null,
): Promise<{ sources: OwnedDataset[]; results: OwnedDataset[] }> {
  const visible = '($2::text[] is null or d.project = any($2))';
  const sources = await db.query<OwnedDataset>(
    `select ${columns} ${source} join dataset_sources l on l.source_id = d.id
     where l.dataset_id = $1 and ${visible} order by d.id limit 100`,
    [id, projects],
  );
  const results = await db.query<OwnedDataset>(
    `select ${columns} ${source} join dataset_sources l on l.dataset_id = d.id
     where l.source_id = $1 and ${visible} order by d.id desc limit 100`,
    [id, projects],
  );
  return { sources, results };
}

/** A dataset's preview, or null. */
export async function readPreview(db: Executor, id: string): Promise<Preview | null> {
  const [row] = await db.query<{ preview: Preview | null }>(
    'select preview from datasets where id = $1',
    [id],
  );
  return row?.preview ?? null;
}
