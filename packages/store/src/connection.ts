import { userInfo } from 'node:os';
import type { PoolConfig } from 'pg';
import { typeParsers } from './type-parsers.ts';

/**
 * Where a database is: a URL (`postgresql://user:password@host:5432/name`), or its parts. A host
 * that is a folder means the Unix socket in it.
 */
export type DatabaseConnection =
  | string
  | {
      host: string;
      user: string;
      database: string;
      port?: number;
      password?: string;
    };

/** How statements are planned that come again and again: anew for their values, or once for all. */
export type Planning = 'auto' | 'once';

/**
 * A plan that is made while a table is empty is still in use when it has millions of rows: then
 * only one that goes from what is asked for to its rows by an index is good.
 */
const plannedOnce =
  ' -c plan_cache_mode=force_generic_plan -c enable_hashjoin=off -c enable_mergejoin=off';

/** The settings of every connection of ours, in the form that pg takes. */
export function connectionConfig(
  connection: DatabaseConnection,
  name: string,
  planning: Planning = 'auto',
): PoolConfig {
  const where = typeof connection === 'string' ? { connectionString: connection } : connection;
  const isSocket = typeof connection !== 'string' && connection.host.startsWith('/');
  return {
    ...where,
    ...(isSocket ? { ssl: false } : {}), // whatever PGSSLMODE says: sockets have no TLS
    application_name: name,
    types: typeParsers,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    // Instants come back in UTC; our transactions are short and none may hold back the others.
    // Plans are kept while tables grow from nothing to millions of rows: what has an index uses it,
    // also while the table is small, and nothing is worth compiling.
    options:
      '-c timezone=UTC -c idle_in_transaction_session_timeout=60000 ' +
      '-c enable_seqscan=off -c jit=off' +
      (planning === 'once' ? plannedOnce : ''),
  };
}

/** The same place without its password, for messages and logs. */
export function describeConnection(connection: DatabaseConnection): string {
  if (typeof connection !== 'string') {
    return `${connection.database} at ${connection.host}`;
  }
  if (!URL.canParse(connection)) return 'the database given';
  const url = new URL(connection);
  const user = url.username === '' ? userInfo().username : decodeURIComponent(url.username);
  const host = url.host || url.searchParams.get('host') || 'localhost';
  return `${url.pathname.slice(1) || user} at ${host}`;
}
