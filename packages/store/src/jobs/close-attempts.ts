/**
 * SQL that closes the attempts which a statement took from their pilots: `changed` has `was_pilot`
 * (null where no attempt was open), `was_started` and `site_id`. An attempt of which there was no
 * word yet gets its row here.
 */
export function closeAttemptsSql(outcome: string, at: string, reason: string): string {
  return `attempts as (
    insert into job_attempts as a (job_id, number, site_name, pilot_id, leased_at, started_at,
      ended_at, outcome, reason)
    select id, attempt, coalesce((select name from sites s where s.id = changed.site_id), ''),
      was_pilot, leased_at, was_started, ${at}::timestamptz, ${outcome}, ${reason}
    from changed where was_pilot is not null
    on conflict (job_id, number) do update set outcome = excluded.outcome,
      ended_at = excluded.ended_at, reason = excluded.reason where a.ended_at is null)`;
}
