import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createAnnouncer } from './announcer.ts';
import { connectionConfig } from './connection.ts';
import type { DatabaseConnection, Planning } from './connection.ts';
import { asDomainError } from './database-error.ts';
import type { Executor, Transaction, TransactionOptions } from './executor.ts';
import { kyselyOver } from './kysely-over.ts';
import { watchPlanAges } from './plan-ages.ts';
import { runTransaction } from './run-transaction.ts';
import type { StoreLog } from './store-log.ts';
import { Topics } from './topics.ts';

/**
 * An open database: its connections, and the topics that its commits touch. What runs in
 * transactions is short and asks by ids and states: its plans are made once for each connection,
 * which otherwise takes as long as carrying them out. What reads lists is planned for its filters.
 */
export interface Database extends Executor {
  readonly connection: DatabaseConnection;
  /** Names this opening of the database; its own notifications are known by it. */
  readonly instanceId: string;
  /** What is touched by commits, in this process and (with `openNotifications`) elsewhere. */
  readonly topics: Topics;
  readonly log: StoreLog;
  /**
   * Runs `work` in a transaction: commits when it returns, rolls back when it throws. Not retried.
   * Throws `unavailable` when the connection is lost; at COMMIT the outcome is then unknown.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Wakes those who wait for these topics after something was committed by a single statement:
   * this process at once, other hubs by one message for all calls of the same moment.
   */
  announce(topics: Iterable<string>): void;
  /** Another hub was heard: what is announced from now on is sent to it. */
  noteOther(): void;
  /** A connection of its own for session-level locks; give it back with `release`. */
  connect(): Promise<pg.PoolClient>;
  /** Sends what was announced and ends all connections; queries then throw `unavailable`. */
  close(): Promise<void>;
}

/** How to open a database. */
export interface OpenDatabaseOptions {
  log: StoreLog;
  /** Most connections at once for transactions, and as many for what is read; 10 when not given. */
  connections?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
}

function openPools(
  connection: DatabaseConnection,
  { log, connections, applicationName }: Required<OpenDatabaseOptions>,
): [readers: pg.Pool, writers: pg.Pool] {
  const open = (planning: Planning): pg.Pool => {
    const config = connectionConfig(connection, applicationName, planning);
    // Statements that are issued together travel together, in their order: no wait in between.
    // A connection that rested stays: what it has prepared costs the next step its first 50 ms.
    const pool = new pg.Pool({
      ...config,
      pipeline: true,
      max: connections,
      idleTimeoutMillis: planning === 'once' ? 0 : 60_000,
    });
    // The pool hangs the whole client on the error: its words are enough.
    pool.on('error', ({ message: reason }: Error) => {
      log.warn({ reason }, 'a database connection was lost');
    });
    // A connection in use reports its loss on itself too, and would end the process unheard.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  };
  return [open('auto'), open('once')];
}

/** Opens a database; the first query connects. A lost connection never ends the process. */
export function openDatabase(
  connection: DatabaseConnection,
  { log, connections = 10, applicationName = 'interpulse' }: OpenDatabaseOptions,
): Database {
  const [readers, writers] = openPools(connection, { log, connections, applicationName });
  const connectTo = async (pool: pg.Pool): Promise<pg.PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw asDomainError(error);
    }
  };
  const query = async <Row>(config: pg.QueryConfig): Promise<Row[]> => {
    try {
      return (await readers.query(config)).rows as Row[];
    } catch (error) {
      throw asDomainError(error);
    }
  };
  const instanceId = randomBytes(6).toString('hex');
  const topics = new Topics(log);
  const announcer = createAnnouncer(instanceId, query, log);
  const planAges = watchPlanAges(query, log);
  const wake = (touched: readonly string[]): void => {
    announcer.announce(touched);
    topics.emit(touched);
  };
  const connect = (): Promise<pg.PoolClient> => connectTo(readers);
  const kysely = kyselyOver(connect, (client, destroy) => client.release(destroy));
  return {
    connection,
    instanceId,
    topics,
    log,
    kysely,
    connect,
    run: ({ name, text }, ...values) => query({ name, text, values: [...values] }),
    query: (text, values = []) => query({ text, values: [...values] }),
    transaction: async (work, options = {}) => {
      const client = await connectTo(writers);
      planAges.renew(client);
      const { result, topics: touched } = await runTransaction(client, work, options);
      if (touched.size > 0) wake([...touched]);
      return result;
    },
    announce: (touched) => wake([...touched]),
    noteOther: () => announcer.noteOther(),
    close: async () => {
      planAges.close();
      await announcer.flush();
      for (const pool of [readers, writers]) if (!pool.ending) await pool.end();
    },
  };
}
