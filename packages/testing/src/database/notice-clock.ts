import type { Database } from '@interpulse/store/database.ts';

/** The clock of a hub goes on, so these set back what it wrote down of messages. */
export const noticeClock = {
  /** Messages that wait for a pause are due now. */
  async hurry(db: Database): Promise<void> {
    await db.query(`update notice_places set due_at = now() - interval '1 second'
      where due_at is not null`);
    db.topics.emit(['notices']);
  },
  /** No place was sent anything lately: there is room for more. */
  async forgetSent(db: Database): Promise<void> {
    await db.query('update notice_places set sent_at = default');
  },
  /** The notices that are still to be sent, and how many of bulk starts were written. */
  async counts(db: Database): Promise<{ unsent: number; ofBatches: number }> {
    const [row] = await db.query<{ unsent: number; ofBatches: number }>(
      `select count(*) filter (where sent_at is null)::integer as unsent,
         count(r.batch_id)::integer as "ofBatches"
       from notices left join flow_runs r on r.id = subject`,
    );
    return row ?? { unsent: 0, ofBatches: 0 };
  },
} as const;
