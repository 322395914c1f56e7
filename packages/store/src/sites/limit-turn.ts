import type { LimitUse } from '@interpulse/domain/placement/snapshot.ts';
import type { Executor } from '../executor.ts';
import { holderOf } from '../hub-presence.ts';
import { statement } from '../statement.ts';
import { readLimitUses } from './limits.ts';

/**
 * The first number of the advisory locks of those who place under limits: "limi" as four bytes. The
 * second is 0 for the gate, and a hub's own for its flag.
 *
 * ```
 *             gate            flag of its hub   then
 *   usual     shared, tried   shared            it is its turn if no other hub shows a flag
 *   patient   exclusive       none              nobody else is within
 * ```
 *
 * Transactions of one hub know of each other (`UnderWay`) and share a flag; of two hubs that show
 * theirs at the same moment at least one sees the other's.
 */
const limitLocks = 0x6c696d69;

/** $1 the hub. A flag that was shown where the gate is closed would only be in the way. */
const showFlag = statement<{ isOpen: boolean }, [number]>(
  'show_limit_flag',
  `select case when pg_try_advisory_xact_lock_shared(${limitLocks}, 0)
     then pg_try_advisory_xact_lock_shared(${limitLocks}, $1) else false end as "isOpen"`,
);

/**
 * $1 the hub. Who has the gate alone has waited for all others: a flag that is still there belongs
 * to a transaction that has committed and is giving its locks back, one after the other.
 */
const lookForOthers = statement<{ othersPlace: boolean }, [number]>(
  'other_limit_flags',
  `select coalesce(bool_or(objid::bigint <> 0 and objid::bigint <> $1), false)
     and not coalesce(bool_or(objid = 0 and mode = 'ExclusiveLock' and granted
       and pid = pg_backend_pid()), false) as "othersPlace"
   from pg_locks
   where locktype = 'advisory' and classid = ${limitLocks} and objsubid = 2
     and database = (select oid from pg_database where datname = current_database())`,
);

const waitForGate = statement(
  'wait_for_limit_gate',
  `select from pg_advisory_xact_lock(${limitLocks}, 0)
   where exists (select from placement_limits)`,
);

/**
 * The limits with what is placed under them, on which this transaction's hub alone may count until
 * the transaction is over; undefined when another hub is placing under limits. It never waits.
 */
export async function takeLimitTurn(
  tx: Executor,
  database: { instanceId: string },
): Promise<LimitUse[] | undefined> {
  const hub = holderOf(database);
  // In this order, and the use by a statement of its own: it must see what was committed before.
  const [[flag], [others], uses] = await Promise.all([
    tx.run(showFlag, hub),
    tx.run(lookForOthers, hub),
    readLimitUses(tx),
  ]);
  return flag?.isOpen === true && others?.othersPlace === false ? uses : undefined;
}

/**
 * Waits, where there are limits, until no hub places under them; they have to wait then until the
 * transaction is over. Only a transaction that holds no other lock may wait for it.
 */
export async function waitForLimitTurn(tx: Executor): Promise<void> {
  await tx.run(waitForGate);
}
