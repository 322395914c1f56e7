import type { Kysely } from 'kysely';
import type { Statement } from './statement.ts';
import type { Tables } from './tables.ts';

/** What can run SQL: the database, or a transaction of it. Queries are written against this. */
export interface Executor {
  /** For what is not hot: typed queries. In a transaction, do not call its `transaction()`. */
  readonly kysely: Kysely<Tables>;
  /** Runs a prepared statement: the hot path. */
  run<Row, Parameters extends readonly unknown[]>(
    statement: Statement<Row, Parameters>,
    ...parameters: Parameters
  ): Promise<Row[]>;
  /** Runs SQL text once, unprepared. */
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/**
 * A running transaction; of no use after its end. Its statements are carried out one after the
 * other over one connection, in the order in which they were issued; those that do not need each
 * other's answers may be issued together (`Promise.all`), and then travel together.
 */
export interface Transaction extends Executor {
  /**
   * Wakes those who wait for these topics, here and in the other hubs, when (and only if) the
   * transaction has committed. May be called many times; other hubs hear of it a moment later.
   */
  notify(topics: Iterable<string>): void;
  /**
   * Lets COMMIT travel with a statement that was just issued instead of after its answer: for the
   * last one, whose answer nobody needs. When it fails, so does the transaction, with its error.
   */
  commitWith(statement: Promise<unknown>): void;
  /**
   * Runs `work` so that it can be undone: when it throws, or a statement that COMMIT was to travel
   * with fails, what it wrote is undone, and the transaction may go on. Throws what went wrong.
   */
  undoable<T>(work: () => Promise<T>): Promise<T>;
}

/** How a transaction runs. */
export interface TransactionOptions {
  /** PostgreSQL's default is `read committed`. */
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** `relaxed` does not wait for the disk: for telemetry only, a power cut may lose the last. */
  durability?: 'full' | 'relaxed';
}
