import { noNoticeSettings, type NoticeSettings } from '@interpulse/domain/notice/notice-rule.ts';
import { currentEventCursor } from '../events/read-events.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';

/** Where a person hears of things. */
export async function findNoticeSettings(db: Executor, userId: string): Promise<NoticeSettings> {
  const [row] = await db.query<{ notices: NoticeSettings | null }>(
    'select notices from users where id = $1',
    [userId],
  );
  return row?.notices ?? noNoticeSettings;
}

/** Writes where a person hears of things. */
export async function saveNoticeSettings(
  tx: Executor,
  userId: string,
  settings: NoticeSettings,
): Promise<void> {
  await tx.query('update users set notices = $2::jsonb where id = $1', [userId, jsonb(settings)]);
  await startListening(tx);
}

/** The history is read from now on, if it was not: somebody is to be told. */
export async function startListening(tx: Executor): Promise<void> {
  const cursor = await currentEventCursor(tx);
  await tx.query('update notice_cursor set cursor = coalesce(cursor, $1)', [cursor]);
}

/** Up to where the history was read for notices. */
export interface NoticeCursor {
  cursor: string | null;
  lateUntil: string | null;
  /** Whether anybody is to be told of anything. */
  isHeard: boolean;
}

/** Locks the place in the history; undefined while another hub reads it. */
export async function lockNoticeCursor(tx: Executor): Promise<NoticeCursor | undefined> {
  const [row] = await tx.query<NoticeCursor>(
    `select cursor, late_until as "lateUntil",
       exists (select from users where notices is not null and notices->'to' <> '[]')
       or exists (select from flows where notify <> '[]')
       or exists (select from triggers where notify <> '[]') as "isHeard"
     from notice_cursor for update skip locked`,
  );
  return row;
}

/** Notes up to where the history was read; null while nobody is to be told. */
export async function moveNoticeCursor(
  tx: Executor,
  cursor: string | null,
  lateUntil: string,
): Promise<void> {
  await tx.query('update notice_cursor set cursor = $1, late_until = $2::timestamptz', [
    cursor,
    lateUntil,
  ]);
}
