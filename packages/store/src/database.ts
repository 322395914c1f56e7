import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createAnnouncer } from './announcer.ts';
import { connectionConfig } from './connection.ts';
import type { DatabaseConnection } from './connection.ts';
import { asDomainError } from './database-error.ts';
import type { Executor, Transaction, TransactionOptions } from './executor.ts';
import { kyselyOver } from './kysely-over.ts';
import { runTransaction } from './run-transaction.ts';
import type { StoreLog } from './store-log.ts';
import { Topics } from './topics.ts';

/** An open database: a pool of connections, and the topics that its commits touch. */
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
  /** A connection of its own for session-level locks; give it back with `release`. */
  connect(): Promise<pg.PoolClient>;
  /** Sends what was announced and ends all connections; queries then throw `unavailable`. */
  close(): Promise<void>;
}

/** How to open a database. */
export interface OpenDatabaseOptions {
  log: StoreLog;
  /** Most connections at once; 10 when not given. */
  connections?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
}

/** Opens a database; the first query connects. A lost connection never ends the process. */
export function openDatabase(
  connection: DatabaseConnection,
  { log, connections = 10, applicationName = 'interpulse' }: OpenDatabaseOptions,
): Database {
  // Statements that are issued together travel together, in their order: no wait in between.
  const config = { ...connectionConfig(connection, applicationName), pipeline: true };
  const pool = new pg.Pool({ ...config, max: connections });
  // The pool hangs the whole client on the error: its words are enough.
  const onLost = ({ message: reason }: Error): void => {
    log.warn({ reason }, 'a database connection was lost');
  };
  pool.on('error', onLost);
  // A connection in use reports its loss on itself too, and would end the process unheard.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const connect = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw asDomainError(error);
    }
  };
  const query = async <Row>(config: pg.QueryConfig): Promise<Row[]> => {
    try {
      return (await pool.query(config)).rows as Row[];
    } catch (error) {
      throw asDomainError(error);
    }
  };
  const instanceId = randomBytes(6).toString('hex');
  const topics = new Topics(log);
  const announcer = createAnnouncer(instanceId, query, log);
  const wake = (touched: readonly string[]): void => {
    announcer.announce(touched);
    topics.emit(touched);
  };
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
      const { result, topics: touched } = await runTransaction(await connect(), work, options);
      if (touched.size > 0) wake([...touched]);
      return result;
    },
    announce: (touched) => wake([...touched]),
    close: async () => {
      await announcer.flush();
      if (!pool.ending) await pool.end();
    },
  };
}
