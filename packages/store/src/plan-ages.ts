import type pg from 'pg';
import type { StoreLog } from './store-log.ts';

/** Whether tables have grown is looked up this often, while there are many transactions. */
const lookMilliseconds = 1000;
/** As many since the last look are many; with fewer, the next look comes later. */
const manyTransactions = 100;
const longestRestMilliseconds = 30_000;
/** Tables that are smaller make no difference: 32 pages. */
const smallBytes = 262_144;

const sizesText = `select relname as name, pg_relation_size(oid)::float8 as bytes from pg_class
  where relkind = 'r' and relnamespace = 'public'::regnamespace`;

/** Sees to it that plans are not older than what they were made for. */
export interface PlanAges {
  /** To be called before a transaction: drops the connection's plans when they are too old. */
  renew(client: pg.ClientBase): void;
  /** Looks no more. */
  close(): void;
}

/**
 * Plans that are made once are made for the sizes that tables have then. Each time one of them has
 * doubled, every connection makes its plans anew, at its next transaction: a few milliseconds, for
 * a few times in the life of a database.
 */
export function watchPlanAges(
  query: <Row>(config: pg.QueryConfig) => Promise<Row[]>,
  log: StoreLog,
): PlanAges {
  const plannedIn = new WeakMap<pg.ClientBase, number>();
  let generation = 0;
  let sizes: ReadonlyMap<string, number> | undefined;
  let transactions = 0;
  let restMilliseconds = 0;
  let restedMilliseconds = 0;
  const look = async (): Promise<void> => {
    restedMilliseconds += lookMilliseconds;
    const isMany = transactions >= manyTransactions;
    if (transactions === 0 || (!isMany && restedMilliseconds < restMilliseconds)) return;
    restMilliseconds = isMany ? 0 : Math.min(longestRestMilliseconds, 2 * restedMilliseconds);
    [transactions, restedMilliseconds] = [0, 0];
    const rows = await query<{ name: string; bytes: number }>({
      name: 'table_sizes',
      text: sizesText,
    });
    const before = sizes;
    const hasGrown = rows.some(({ name, bytes }) => {
      return bytes > smallBytes && bytes >= 2 * Math.max(before?.get(name) ?? 0, smallBytes / 2);
    });
    if (before !== undefined && !hasGrown) return;
    sizes = new Map(rows.map(({ name, bytes }) => [name, bytes]));
    if (hasGrown) generation += 1;
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => {
      log.debug({ err: error }, 'the sizes of tables were not read');
    });
  }, lookMilliseconds).unref();
  return {
    renew(client) {
      transactions += 1;
      const planned = plannedIn.get(client);
      plannedIn.set(client, generation);
      // It travels with what follows; if it fails, so does all that.
      if (planned !== undefined && planned !== generation) {
        client.query('discard plans').catch(() => undefined);
      }
    },
    close: () => clearInterval(timer),
  };
}
