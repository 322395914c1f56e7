import type { Executor } from './executor.ts';
import { jobStages } from './jobs/job-stage.ts';

/** In each `$1` is the clock as it is now, `$2` by how many seconds it was set back. */
const back = (column: string): string =>
  `greatest($1::timestamptz, ${column} - interval '1 second' * $2::float8)`;

const statements = [
  `update action_runs set due_at = ${back('due_at')}, leased_until = ${back('leased_until')}
   where due_at is not null and coalesce(leased_until, due_at) > $1`,
  `update provided_actions set callback_due_at = ${back('callback_due_at')}
   where callback_due_at > $1`,
  `update notice_places set due_at = ${back('due_at')}, leased_until = ${back('leased_until')}
   where due_at > $1 or leased_until > $1`,
  `update jobs set not_before_at = ${back('not_before_at')}
   where stage = ${jobStages.queued} and not_before_at > $1`,
  `update transfers set not_before_at = ${back('not_before_at')} where not_before_at > $1`,
  `update triggers set next_start_at = ${back('next_start_at')} where next_start_at > $1`,
  `update trigger_firings f set started_at = f.started_at - interval '1 second' * $2::float8
   from triggers t
   where t.rate_limit is not null and f.trigger_name = t.name and f.started_at > $1`,
  `update sites set resting_until = ${back('resting_until')} where resting_until > $1`,
  `update sites set seen_at = $1 where seen_at > $1`,
];

/**
 * Brings what was noted by a clock that ran ahead to the clock that was set back: pauses, leases
 * and rate limits, of which only the length counts. Instants that people chose stay.
 */
export async function bringInstantsBack(
  tx: Executor,
  { now, seconds }: { now: string; seconds: number },
): Promise<void> {
  for (const text of statements) {
    await tx.query(text, text.includes('$2') ? [now, seconds] : [now]);
  }
}

/** When a hub last wrote down that a site was there, by the clock of then; null for none. */
export async function lastNotedAt(db: Executor): Promise<string | null> {
  const [row] = await db.query<{ at: string | null }>('select max(seen_at) as at from sites');
  return row?.at ?? null;
}
