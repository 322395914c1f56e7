import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@interpulse/store/database.ts';
import { startEmbeddedPostgres } from '@interpulse/store/embedded/start-embedded-postgres.ts';
import { silentLog } from '@interpulse/store/store-log.ts';

/**
 * Milliseconds of transactions that write one row each, on an embedded database that does nothing
 * else: what is kept before it is told cannot take less here. They come as steps end, by chance.
 */
export async function timeBareTransactions(perSecond: number, count: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ip-bare-'));
  const server = await startEmbeddedPostgres({ folder, log: silentLog });
  const db = openDatabase(server.connection, { log: silentLog });
  try {
    await db.query('create table bare (id bigserial primary key, at timestamptz)');
    const times: number[] = [];
    const write = async (): Promise<void> => {
      const beganMs = performance.now();
      await db.transaction((tx) => tx.query('insert into bare (at) values (now())'));
      times.push(performance.now() - beganMs);
    };
    for (let n = 0; n < 50; n += 1) await write();
    times.length = 0;
    const beganMs = performance.now();
    const writes: Promise<void>[] = [];
    for (
      let dueMs = 0;
      writes.length < count;
      dueMs -= (1000 * Math.log(Math.random())) / perSecond
    ) {
      await sleep(Math.max(0, beganMs + dueMs - performance.now()));
      writes.push(write());
    }
    await Promise.all(writes);
    return times;
  } finally {
    await db.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
