import type { Notice } from '@interpulse/domain/notice/notice.ts';
import { noticeLimits } from '@interpulse/domain/notice/notice-limits.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** A notice for one place. */
export interface NewNotice {
  place: string;
  /** The id of the flow run, or the name of the trigger. */
  subject: string;
  /** What is told once of the subject: `ended`, `late`, `waiting:…`. */
  about: string;
  notice: Notice;
}

/** When a place has room for another message: now, or when the oldest counted one is old enough. */
export const roomSql = `case when cardinality(p.sent_at) < ${noticeLimits.messages} then now.at
  else greatest(now.at, p.sent_at[1] + interval '${noticeLimits.messagesPerSeconds} s') end`;

const insert = statement<{ place: string }, [string, string]>(
  'insert_notices',
  `with now as (select $2::timestamptz as at),
    told as (
      insert into notices (place, subject, about, notice, at)
      select n.place, n.subject, n.about, n.notice, now.at
      from now, rows from (jsonb_to_recordset($1::jsonb) as (place text, subject text, about text,
        notice jsonb)) with ordinality as n(place, subject, about, notice, position)
      order by n.position
      on conflict (place, subject, about) do nothing returning place),
    places as (select distinct place from told order by place)
   insert into notice_places as p (place, due_at) select place, now.at from places, now
   on conflict (place) do update set due_at = coalesce(p.due_at,
     (select ${roomSql} from now))
   returning place`,
);

/** Writes notices, each once however often it is written; answers the places with new ones. */
export async function insertNotices(
  tx: Executor,
  notices: readonly NewNotice[],
  at: string,
): Promise<string[]> {
  if (notices.length === 0) return [];
  return (await tx.run(insert, jsonb(notices), at)).map(({ place }) => place);
}

const forget = statement<never, [string]>(
  'forget_notices',
  `with gone as (delete from notices where at < $1::timestamptz and sent_at is not null)
   delete from notice_places p where due_at is null
     and not exists (select from notices n where n.place = p.place and n.at >= $1::timestamptz)`,
);

/** Forgets what was told before an instant, and places that were told nothing since. */
export async function forgetNotices(db: Executor, before: string): Promise<void> {
  await db.run(forget, before);
}
