/** The first number of the advisory locks that hubs hold while they live: "hubs" as four bytes. */
const presenceLocks = 0x68756273;

/** The number of a hub, by the name of its opening of the database: 31 bits of it. */
export function holderOf({ instanceId }: { instanceId: string }): number {
  return Number.parseInt(instanceId.slice(0, 8), 16) & 0x7fffffff;
}

/**
 * Shows that a hub lives, as long as the session lasts in which this is run: the server ends it
 * with the hub's process. Shared, since a line that is opened anew may meet its former session.
 */
export function showPresenceSql(database: { instanceId: string }): string {
  return `select pg_advisory_lock_shared(${presenceLocks}, ${holderOf(database)})`;
}

/** The holders that live, as a list for SQL. */
export const livingHoldersSql = `select objid::bigint from pg_locks
  where locktype = 'advisory' and classid = ${presenceLocks} and objsubid = 2 and granted
    and database = (select oid from pg_database where datname = current_database())`;

/** Whether any other hub lives than this one. */
export function othersLiveSql(database: { instanceId: string }): string {
  return `select exists (select from (${livingHoldersSql}) h(holder)
    where holder <> ${holderOf(database)}) as "othersLive"`;
}
