import { Kysely, PostgresDialect } from 'kysely';
import type { PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { asDomainError } from './database-error.ts';
import type { Tables } from './tables.ts';

/**
 * A kysely over the connections that `acquire` gives. Errors become ours in the same way as on
 * the hot paths; nobody's connection is ended by it.
 */
export function kyselyOver(
  acquire: () => Promise<pg.PoolClient>,
  release: (client: pg.PoolClient, destroy: boolean) => void,
): Kysely<Tables> {
  // kysely knows its connections by identity.
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  const wrap = (client: pg.PoolClient): PostgresPoolClient => {
    const wrapped = known.get(client) ?? {
      query: async (text: string, values: readonly unknown[]) => {
        try {
          return await client.query(text, [...values]);
        } catch (error) {
          throw asDomainError(error);
        }
      },
      release: (destroy?: boolean) => release(client, destroy ?? false),
    };
    known.set(client, wrapped as PostgresPoolClient);
    return wrapped as PostgresPoolClient;
  };
  const pool = {
    connect: async () => wrap(await acquire()),
    end: () => Promise.resolve(),
    options: {},
  };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
