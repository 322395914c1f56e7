import type { Instant } from '@interpulse/domain/time.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** What may go. */
export interface PruneEventsOptions {
  /** Events that happened earlier than this. */
  before: Instant;
  /** At most this many at once, so that no transaction is long; call again while it is reached. */
  limit: number;
  /** Kinds that stay for ever, such as those of an audit. */
  keepKinds?: readonly string[];
}

const deleteOld = statement<{ deleted: number }, [string, readonly string[], number]>(
  'prune_events',
  `with old as (
     select id from events where at < $1 and kind <> all($2::text[]) limit $3
     for update skip locked),
   gone as (delete from events using old where events.id = old.id returning 1)
   select count(*) as deleted from gone`,
);

/** Deletes old events and returns how many. */
export async function pruneEvents(
  executor: Executor,
  { before, limit, keepKinds = [] }: PruneEventsOptions,
): Promise<number> {
  const [row] = await executor.run(deleteOld, before, keepKinds, limit);
  return row?.deleted ?? 0;
}
