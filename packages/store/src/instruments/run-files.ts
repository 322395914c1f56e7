import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import type { PastWindow } from '../triggers/trigger-history.ts';

/** A run of an instrument with the files that are whole by now. */
export interface RunFiles {
  parameters: JsonObject;
  startedAt: string;
  endedAt: string | null;
  /** How many there are; one that was written anew counts once. */
  fileCount: number;
  /** The first of them by name, so many as are told. */
  files: string[];
  /** The newest dataset of them; null while there is none. */
  datasetId: string | null;
}

/** Files as an agent told them: what is behind the location says which version of it. */
const location = String.raw`regexp_replace(d.source_key, ' \d+ \S+$', '')`;
const told = `d.kind = 'raw' and d.flow_run_id is null and d.source_key is not null`;
const values = `(select coalesce(jsonb_object_agg(key, value -> 'value'), '{}')
  from jsonb_each(s.parameters))`;

const select = statement<RunFiles, [string, number, number]>(
  'files_of_run',
  `with found as (select ${location} as location, max(d.id) as id from datasets d
     where d.instrument = $1 and d.shot_number = $2 and ${told} group by 1)
   select ${values} as parameters, s.taken_at as "startedAt", s.ended_at as "endedAt",
     (select count(*)::int from found) as "fileCount", (select max(id) from found) as "datasetId",
     array(select location from found order by location limit $3) as files
   from shots s where s.instrument = $1 and s.number = $2`,
);

/** A run with its files; undefined where nothing is known of it. */
export async function filesOfRun(
  db: Executor,
  run: { instrument: string; number: number },
  mostTold: number,
): Promise<RunFiles | undefined> {
  return (await db.run(select, run.instrument, run.number, mostTold))[0];
}

/** A file of a run as it was told, with what is known of the run now. */
export interface PastRunFile {
  number: number;
  at: string;
  location: string;
  datasetId: string;
  parameters: JsonObject;
  startedAt: string;
  endedAt: string | null;
}

/**
 * All files of the runs of which some were told in a time, in the order in which they were; of
 * very many the first `mostRead`.
 */
export async function pastRunFiles(
  db: Executor,
  instrument: string,
  { from, to, limit, newest }: PastWindow,
  mostRead: number,
): Promise<PastRunFile[]> {
  const direction = newest === true ? 'desc' : 'asc';
  return db.query<PastRunFile>(
    `with heard as (select d.shot_number from datasets d where d.instrument = $1 and ${told}
       and d.shot_number is not null and d.created_at >= $2::timestamptz
       and d.created_at < $3::timestamptz order by d.id ${direction} limit $4)
     select d.shot_number as number, d.created_at as at, ${location} as location,
       d.id as "datasetId", ${values} as parameters, s.taken_at as "startedAt",
       s.ended_at as "endedAt"
     from datasets d join shots s on s.instrument = d.instrument and s.number = d.shot_number
     where d.instrument = $1 and ${told} and d.shot_number in (select shot_number from heard)
     order by d.id limit $5`,
    [instrument, from, to, limit, mostRead],
  );
}
