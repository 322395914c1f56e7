import { Migrator } from 'kysely/migration';
import type { Migration } from 'kysely/migration';
import { DomainError } from '@interpulse/domain/error.ts';
import { asDomainError } from './database-error.ts';
import { describeConnection } from './connection.ts';
import type { Database } from './database.ts';
import { kyselyOver } from './kysely-over.ts';
import { migrations as ours } from './migrations/migrations.ts';

/** Key of the advisory lock under which a database is migrated: "interpul" as eight bytes. */
const migrationLock = '7597124064912110956';
const migrationTable = 'interpulse_migration';
const oldestServer = 15;

/**
 * Brings the database to the newest shape and returns the names of the migrations it applied.
 * Several hubs may call it at once: one works, the others wait. All or nothing is applied.
 *
 * Throws `conflict` when the database is newer than this program, `unavailable` when the server is
 * too old or cannot be reached.
 */
export async function migrate(
  database: Database,
  migrations: Readonly<Record<string, Migration>> = ours,
): Promise<string[]> {
  const client = await database.connect();
  let broken = true;
  try {
    const where = describeConnection(database.connection);
    await checkServer(client, where);
    await client.query(`select pg_advisory_lock(${migrationLock})`);
    const kysely = kyselyOver(
      () => Promise.resolve(client),
      () => undefined,
    );
    const migrator = new Migrator({
      db: kysely,
      provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
      migrationTableName: migrationTable,
      migrationLockTableName: `${migrationTable}_lock`,
    });
    await refuseNewer(client, migrations, where);
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error !== undefined) throw migrationFailed(error, results, where);
    await adoptForeignEvents(client, database);
    await client.query(`select pg_advisory_unlock(${migrationLock})`);
    broken = false;
    const names = results.map((result) => result.migrationName);
    if (names.length > 0) database.log.info({ migrations: names }, 'the database was migrated');
    return names;
  } catch (error) {
    throw asDomainError(error);
  } finally {
    client.release(broken); // ending a broken connection frees the lock too
  }
}

/** What the checks need of a connection. */
interface Client {
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>;
}

async function checkServer(client: Client, where: string): Promise<void> {
  const { rows } = await client.query(
    `select current_setting('server_version_num')::int / 10000 as version,
            current_setting('server_encoding') as encoding`,
  );
  const version = Number(rows[0]?.['version']);
  const encoding = String(rows[0]?.['encoding']);
  if (version < oldestServer) {
    const message = `${where} is PostgreSQL ${version}; Interpulse needs ${oldestServer} or later.`;
    throw new DomainError('unavailable', message);
  }
  if (encoding !== 'UTF8') {
    const message = `${where} stores text as ${encoding}. Create a database with encoding UTF8.`;
    throw new DomainError('unavailable', message);
  }
}

async function refuseNewer(
  client: Client,
  migrations: Readonly<Record<string, Migration>>,
  where: string,
): Promise<void> {
  const { rows } = await client.query(`select to_regclass('${migrationTable}') as found`);
  if ((rows[0]?.['found'] ?? null) === null) return;
  const applied = await client.query(`select name from ${migrationTable} order by name`);
  const unknown = applied.rows
    .map((row) => String(row['name']))
    .filter((it) => !(it in migrations));
  if (unknown.length === 0) return;
  throw new DomainError(
    'conflict',
    `The database ${where} is newer than this program: it has ${unknown.join(', ')}. Start the ` +
      'version of Interpulse that was used last, or restore a backup made before it.',
  );
}

function migrationFailed(
  error: unknown,
  results: readonly { migrationName: string; status: string }[],
  where: string,
): unknown {
  const known = asDomainError(error);
  if (known instanceof DomainError) return known;
  const failed = results.find((result) => result.status === 'Error')?.migrationName ?? 'migrating';
  const reason = error instanceof Error ? error.message : String(error);
  const message = `Migrating ${where} failed in ${failed}: ${reason}. Nothing was changed.`;
  return new Error(message, { cause: error });
}

/**
 * A dump loaded into another server carries transaction numbers of the old one. If any lies in
 * this server's future its event would stay hidden until then, so all are set to the oldest; their
 * ids keep the order.
 */
async function adoptForeignEvents(client: Client, database: Database): Promise<void> {
  const { rows } = await client.query(`select to_regclass('events') is not null as has_events`);
  if (rows[0]?.['has_events'] !== true) return;
  const changed = await client.query(
    `with changed as (
       update events set xid = '3'
       where exists (select from events where xid > pg_snapshot_xmax(pg_current_snapshot()))
       returning 1)
     select count(*) as adopted from changed`,
  );
  const adopted = Number(changed.rows[0]?.['adopted']);
  if (adopted > 0) database.log.warn({ adopted }, 'events of another server were put in order');
}
