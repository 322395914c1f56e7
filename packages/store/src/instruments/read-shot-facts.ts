import type { ShotFacts, TimedWork } from '@interpulse/domain/instrument/time-shot.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** Of each shot's flow run at most so many steps, jobs and transfers are read, oldest first. */
const workPerShot = 500;

type ShotRow = Omit<ShotFacts, 'work'> & { work: TimedWork[] | null };

const instantSql = (value: string) =>
  `to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * What of a flow run `r` of a shot `s` took time. A step that waits for a job or transfer is told
 * by those; a job waits but for its attempts; what comes after the answer, or from a job that has
 * run, goes back.
 */
const workSql = `
  (select case when t.state_type in ('Wait', 'AwaitWebInput') then 'pausing'
       when t.provider = 'interpulse:ingest' then 'publishing' else 'acting' end as piece,
     t.started_at, t.ended_at
   from flow_steps t where t.flow_run_id = r.id and t.job_id is null and t.ensemble_id is null
     and t.transfer_id is null
     and (t.provider is not null or t.state_type in ('Wait', 'AwaitWebInput'))
   order by t.sequence limit ${workPerShot})
  union all
  (select 'waiting', j.created_at, j.ended_at
   from jobs j where j.flow_run_id = r.id order by j.id limit ${workPerShot})
  union all
  (select 'running', a.started_at, a.ended_at
   from jobs j join job_attempts a on a.job_id = j.id
   where j.flow_run_id = r.id and a.started_at is not null order by j.id limit ${workPerShot})
  union all
  (select case when t.created_at >= s.answered_at
       or t.destination = split_part(i.return_to, ':', 1)
       or t.created_at >= j.started_at then 'returning' else 'transferring' end,
     t.created_at, t.ended_at
   from transfers t left join jobs j on j.id = t.job_id
   where t.flow_run_id = r.id
     or t.job_id in (select id from jobs where flow_run_id = r.id limit ${workPerShot})
   order by t.id limit ${workPerShot})`;

const selectFacts = statement<ShotRow, [string, number]>(
  'shot_facts',
  `select s.number, s.taken_at as "takenAt", s.closed_at as "closedAt",
     d.created_at as "noticedAt", coalesce(s.deadline_at, r.deadline_at) as "deadlineAt",
     s.answered_at as "answeredAt", s.flow_run_id as "flowRunId", r.status as "flowStatus",
     r.started_at as "flowStartedAt", r.ended_at as "flowEndedAt", w.work
   from (select * from shots where instrument = $1 order by number desc limit $2) s
   join instruments i on i.name = s.instrument
   left join flow_runs r on r.id = s.flow_run_id
   left join datasets d on d.id = s.dataset_id
   left join lateral (
     select jsonb_agg(jsonb_build_object('piece', piece, 'from', ${instantSql('started_at')},
       'to', ${instantSql('ended_at')})) as work
     from (${workSql}) as work(piece, started_at, ended_at)) w on r.ended_at is not null
   order by s.number desc`,
);

/** What the last shots of an instrument and their flow runs did, newest first. */
export async function readShotFacts(
  db: Executor,
  instrument: string,
  limit: number,
): Promise<ShotFacts[]> {
  const rows = await db.run(selectFacts, instrument, limit);
  return rows.map((row) => ({ ...row, work: row.work ?? [] }));
}
