import type { Instrument, Shot } from '@interpulse/domain/instrument/instrument.ts';
import { secondsBetween } from '@interpulse/domain/time.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

const selectInstruments = `select i.id, i.name, i.title, s.name as "siteName", i.collection,
    i.project, i.return_to as "returnTo", i.period_seconds as "periodSeconds",
    i.last_shot_number as "lastShotNumber", i.last_shot_at as "lastShotAt",
    i.next_shot_at as "nextShotAt",
    case when s.closed then 'closed' when s.silent then 'silent' else 'up' end as status
  from instruments i join sites s on s.id = i.site_id`;

/** All instruments by name. */
export async function listInstruments(db: Executor): Promise<Instrument[]> {
  return db.query<Instrument>(`${selectInstruments} order by i.name`);
}

const selectOne = statement<Instrument & { siteId: string }, [string]>(
  'get_instrument',
  selectInstruments.replace('select i.id', 'select i.site_id as "siteId", i.id') +
    ' where i.name = $1',
);

/** One instrument with its site, or undefined. */
export async function findInstrument(
  db: Executor,
  name: string,
): Promise<(Instrument & { siteId: string }) | undefined> {
  return (await db.run(selectOne, name))[0];
}

const clock = statement<never, [string, number, string, string | null]>(
  'shot_taken',
  `with clock as (
      update instruments set last_shot_number = $2, last_shot_at = $3::timestamptz,
        next_shot_at = $4::timestamptz
      where name = $1 and coalesce(last_shot_number, -1) <= $2),
    shot as (
      insert into shots (instrument, number, taken_at, deadline_at)
      values ($1, $2, $3::timestamptz, $4::timestamptz)
      on conflict (instrument, number) do update set deadline_at = excluded.deadline_at)
   insert into events (at, kind, subject_type, subject_id, data)
   values ($3::timestamptz, 'shot.taken', 'instrument', $1,
     jsonb_build_object('number', $2::bigint, 'nextShotAt', $4::timestamptz))`,
);

/** Notes that a shot was taken and when the next is due. */
export async function noteShotTaken(
  tx: Executor,
  shot: { instrument: string; number: number; takenAt: string; nextShotAt: string | null },
): Promise<void> {
  await tx.run(clock, shot.instrument, shot.number, shot.takenAt, shot.nextShotAt);
}

const recorded = statement<never, [string, number, string, string, string | null]>(
  'shot_recorded',
  `insert into shots as s (instrument, number, taken_at, closed_at, dataset_id, flow_run_id)
   values ($1, $2, $3::timestamptz, $3::timestamptz, $4, $5)
   on conflict (instrument, number) do update set closed_at = excluded.closed_at,
     dataset_id = excluded.dataset_id,
     flow_run_id = coalesce(s.flow_run_id, excluded.flow_run_id)`,
);

/** Notes the file of a shot and the flow run that it started. */
export async function noteShotRecorded(
  tx: Executor,
  shot: {
    instrument: string;
    number: number;
    closedAt: string;
    datasetId: string;
    flowRunId: string | null;
  },
): Promise<void> {
  await tx.run(
    recorded,
    shot.instrument,
    shot.number,
    shot.closedAt,
    shot.datasetId,
    shot.flowRunId,
  );
}

const answered = statement<{ instrument: string; number: number }, [string, string, string]>(
  'shot_answered',
  `update shots s set answered_at = $3::timestamptz, result_dataset_id = $2, flow_run_id = r.id
   from flow_runs r where r.id = $1 and s.instrument = r.instrument
     and s.number = r.shot_number and s.answered_at is null
     and r.rerun_of is null and r.batch_id is null
   returning s.instrument, s.number`,
);

/**
 * Notes that a flow run has published the answer to its shot. Of several that a shot started, the
 * first to publish is its answer; one that does another again, or that came of a bulk start, is
 * none.
 */
export async function noteShotAnswered(
  tx: Executor,
  flowRunId: string,
  datasetId: string,
  at: string,
): Promise<void> {
  await tx.run(answered, flowRunId, datasetId, at);
}

/** A shot as it is read. */
export type ShotRow = Omit<Shot, 'answerSeconds' | 'inTime'> & { closedAt: string | null };

/** What of `shots s` and its `flow_runs r` makes a {@link ShotRow}. */
export const shotColumns = `s.instrument, s.number, s.taken_at as "takenAt",
  s.closed_at as "closedAt", s.dataset_id as "datasetId", s.flow_run_id as "flowRunId",
  r.status as "flowStatus", s.result_dataset_id as "resultDatasetId",
  s.deadline_at as "deadlineAt", s.answered_at as "answeredAt"`;

/** A shot with how soon it was answered. */
export function shotOf({ closedAt, ...shot }: ShotRow): Shot {
  const { answeredAt, deadlineAt, takenAt } = shot;
  const answerSeconds =
    answeredAt === null ? null : secondsBetween(closedAt ?? takenAt, answeredAt);
  const inTime = answeredAt === null || deadlineAt === null ? null : answeredAt <= deadlineAt;
  return { ...shot, answerSeconds, inTime };
}

/** Shots of an instrument, newest first. */
export async function listShots(
  db: Executor,
  filter: { instrument: string; before?: number | undefined; limit: number },
): Promise<Shot[]> {
  const rows = await db.query<ShotRow>(
    `select ${shotColumns}
     from shots s left join flow_runs r on r.id = s.flow_run_id
     where s.instrument = $1 and ($2::bigint is null or s.number < $2)
     order by s.number desc limit $3`,
    [filter.instrument, filter.before ?? null, filter.limit],
  );
  return rows.map(shotOf);
}
