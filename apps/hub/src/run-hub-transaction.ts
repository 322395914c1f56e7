import type { Database } from '@interpulse/store/database.ts';
import type { Transaction } from '@interpulse/store/executor.ts';
import type { HubTransaction } from './hub.ts';
import { Ahead } from './services/ahead.ts';

type Left = (() => void)[];

/** Commits when `work` returns, then does what it left for after the commit. */
export async function runHubTransaction<T>(
  db: Pick<Database, 'transaction'>,
  work: (tx: HubTransaction) => Promise<T>,
): Promise<T> {
  const afterCommit: Left = [];
  const whenOver: Left = [];
  try {
    const result = await db.transaction((tx) => work(extend(tx, afterCommit, whenOver)));
    for (const run of afterCommit) run();
    return result;
  } finally {
    for (const run of whenOver) run();
  }
}

function extend(tx: Transaction, afterCommit: Left, whenOver: Left): HubTransaction {
  // What was left for after the commit by a part that is undone is not so any more.
  const undoable = async <R>(part: () => Promise<R>): Promise<R> => {
    const before = afterCommit.length;
    return tx.undoable(part).catch((error: unknown) => {
      afterCommit.splice(before);
      throw error;
    });
  };
  return Object.create(tx, {
    afterCommit: { value: (run: () => void) => void afterCommit.push(run) },
    whenOver: { value: (run: () => void) => void whenOver.push(run) },
    ahead: { value: new Ahead(tx) },
    undoable: { value: undoable },
  }) as HubTransaction;
}
