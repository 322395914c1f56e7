import type { Writable } from 'node:stream';
import pg from 'pg';
import { DomainError } from '@interpulse/domain/error.ts';
import { asDomainError } from './database-error.ts';
import type { Transaction, TransactionOptions } from './executor.ts';
import { kyselyOver } from './kysely-over.ts';
import { refuseWrongTopics } from './notification-payload.ts';

interface TransactionState {
  isOpen: boolean;
  /** Statements that COMMIT travels with. */
  last: Promise<unknown>[];
  /** The first of them that failed. */
  failure: { error: unknown } | undefined;
  /** How many parts of it could be undone. */
  savepoints: number;
}

/** What became of a committed transaction. */
export interface Committed<T> {
  result: T;
  /** Topics that it touched: who waits for them is to be woken. */
  topics: ReadonlySet<string>;
}

/**
 * Runs `work` between BEGIN and COMMIT on this connection and gives the connection back. Rolls
 * back when `work` throws, or when a statement failed and `work` went on regardless.
 */
export async function runTransaction<T>(
  client: pg.PoolClient,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<Committed<T>> {
  let broken = false;
  const topics = new Set<string>();
  const state: TransactionState = {
    isOpen: true,
    last: [],
    failure: undefined,
    savepoints: 0,
  };
  try {
    // BEGIN travels with the first statement; if it fails, so does all that follows it.
    corkForNow(client);
    const begun = client.query(beginText(options));
    begun.catch(() => undefined);
    const result = await work(transactionOn(client, topics, state));
    await begun;
    state.isOpen = false;
    const committed = commit(client);
    await Promise.all([...state.last, committed]);
    return { result, topics };
  } catch (error) {
    state.isOpen = false;
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw asDomainError(state.failure?.error ?? error);
  } finally {
    client.release(broken);
  }
}

function beginText({ isolation, durability }: TransactionOptions): string {
  const begin = isolation === undefined ? 'begin' : `begin isolation level ${isolation}`;
  return durability === 'relaxed' ? `${begin};set local synchronous_commit to off` : begin;
}

async function commit(client: pg.PoolClient): Promise<void> {
  corkForNow(client);
  const { command } = await client.query('commit');
  if (command === 'COMMIT') return;
  throw new DomainError(
    'conflict',
    'The transaction was rolled back: one of its statements failed and the error was passed over.',
  );
}

/**
 * What is issued in one go is sent in one go: a system call less for each statement. pg's client
 * does not say that it has a stream; without one, each is sent by itself.
 */
function corkForNow(client: pg.PoolClient): void {
  const { connection } = client as { connection?: { stream?: Partial<Writable> } };
  const stream = connection?.stream;
  if (stream?.cork === undefined || stream.uncork === undefined || isCorked(stream)) return;
  stream.cork();
  process.nextTick(() => stream.uncork?.());
}

function isCorked({ writableCorked }: Partial<Writable>): boolean {
  return writableCorked !== undefined && writableCorked > 0;
}

function transactionOn(
  client: pg.PoolClient,
  topics: Set<string>,
  state: TransactionState,
): Transaction {
  const query = async <Row>(config: pg.QueryConfig): Promise<Row[]> => {
    if (!state.isOpen) throw new Error('A transaction was used after its end.');
    try {
      corkForNow(client);
      return (await client.query(config)).rows as Row[];
    } catch (error) {
      throw asDomainError(error);
    }
  };
  let kysely: Transaction['kysely'] | undefined;
  const acquire = (): Promise<pg.PoolClient> =>
    state.isOpen
      ? Promise.resolve(client)
      : Promise.reject(new Error('A transaction was used after its end.'));
  return {
    get kysely() {
      return (kysely ??= kyselyOver(acquire, () => undefined));
    },
    run: ({ name, text }, ...values) => query({ name, text, values: [...values] }),
    query: (text, values = []) => query({ text, values: [...values] }),
    commitWith: (statement) => {
      const seen = statement.catch((error: unknown) => {
        if (!isAftermath(error)) state.failure ??= { error };
        throw error;
      });
      seen.catch(() => undefined);
      state.last.push(seen);
    },
    undoable: (work) => undoable(work, state, (text) => query({ text })),
    notify: (touched) => {
      const list = [...touched];
      refuseWrongTopics(list);
      for (const topic of list) topics.add(topic);
    },
  };
}

/** Whether a statement failed only since one before it had failed, which says why. */
function isAftermath(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === '25P02';
}

async function undoable<T>(
  work: () => Promise<T>,
  state: TransactionState,
  query: (text: string) => Promise<unknown>,
): Promise<T> {
  state.savepoints += 1;
  // Of a name of its own: there may be others within it.
  const name = `undo_${state.savepoints}`;
  const before = { issued: state.last.length, failure: state.failure };
  const saved = query(`savepoint ${name}`);
  saved.catch(() => undefined);
  try {
    const result = await work();
    await Promise.all([saved, ...state.last.slice(before.issued)]);
    return result;
  } catch (error) {
    // What was issued behind the one that failed fails too, and must be over.
    await Promise.allSettled(state.last.splice(before.issued));
    const first = before.failure === undefined ? state.failure?.error : undefined;
    state.failure = before.failure;
    await query(`rollback to savepoint ${name}`).catch(() => undefined);
    throw asDomainError(first ?? error);
  }
}
