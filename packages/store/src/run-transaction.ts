import pg from 'pg';
import { DomainError } from '@interpulse/domain/error.ts';
import { asDomainError } from './database-error.ts';
import type { Transaction, TransactionOptions } from './executor.ts';
import { kyselyOver } from './kysely-over.ts';
import { encodeNotifications, notificationChannel } from './notification-payload.ts';

/** What became of a committed transaction. */
export interface Committed<T> {
  result: T;
  /** Topics that were notified and that this process has to hear of itself. */
  topics: ReadonlySet<string>;
}

/**
 * Runs `work` between BEGIN and COMMIT on this connection and gives the connection back. Rolls
 * back when `work` throws, or when a statement failed and `work` went on regardless.
 */
export async function runTransaction<T>(
  client: pg.PoolClient,
  sender: string,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<Committed<T>> {
  let broken = false;
  const topics = new Set<string>();
  const state = { isOpen: true };
  try {
    // BEGIN travels with the first statement; if it fails, so does all that follows it.
    const begun = client.query(beginText(options));
    begun.catch(() => undefined);
    const result = await work(transactionOn(client, topics, state));
    await begun;
    state.isOpen = false;
    await commit(client, encodeNotifications(sender, topics));
    return { result, topics };
  } catch (error) {
    state.isOpen = false;
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw asDomainError(error);
  } finally {
    client.release(broken);
  }
}

function beginText({ isolation, durability }: TransactionOptions): string {
  const begin = isolation === undefined ? 'begin' : `begin isolation level ${isolation}`;
  return durability === 'relaxed' ? `${begin};set local synchronous_commit to off` : begin;
}

/** Notifications ride on the same message as COMMIT: no further round trip. */
async function commit(client: pg.PoolClient, payloads: readonly string[]): Promise<void> {
  const notifies = payloads.map(
    (payload) => `select pg_notify('${notificationChannel}', ${pg.escapeLiteral(payload)});`,
  );
  const answer: unknown = await client.query(`${notifies.join('')}commit`);
  const last = (Array.isArray(answer) ? answer.at(-1) : answer) as pg.QueryResult;
  if (last.command === 'COMMIT') return;
  throw new DomainError(
    'conflict',
    'The transaction was rolled back: one of its statements failed and the error was passed over.',
  );
}

function transactionOn(
  client: pg.PoolClient,
  topics: Set<string>,
  state: { isOpen: boolean },
): Transaction {
  const query = async <Row>(config: pg.QueryConfig): Promise<Row[]> => {
    if (!state.isOpen) throw new Error('A transaction was used after its end.');
    try {
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
    notify: (touched) => {
      for (const topic of touched) topics.add(topic);
    },
  };
}
