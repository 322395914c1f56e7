import { mayLimit } from '@interpulse/domain/placement/limit-counts.ts';
import type { JobToPlace, LimitUse } from '@interpulse/domain/placement/snapshot.ts';
import { takeLimitTurn } from '@interpulse/store/sites/limit-turn.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/** Limits on which a transaction may count. */
export interface LimitTurn {
  limits: readonly LimitUse[];
  /** Whether they were read anew for it. */
  isFresh: boolean;
  /** Whether a job has to wait, since another hub is placing under what may limit it. */
  mustWait: (job: JobToPlace) => boolean;
}

/**
 * Makes sure that no other hub places under the limits of these jobs at the same moment: nobody
 * sees what another has not committed yet. Where nothing limits them it asks nothing.
 */
export async function limitTurn(
  hub: Hub,
  tx: HubTransaction,
  jobs: readonly JobToPlace[],
  seen: readonly LimitUse[],
): Promise<LimitTurn> {
  if (!jobs.some((job) => mayLimit(seen, job))) {
    return { limits: seen, isFresh: false, mustWait: () => false };
  }
  const limits = await takeLimitTurn(tx, hub.db);
  return limits === undefined
    ? { limits: seen, isFresh: false, mustWait: (job) => mayLimit(seen, job) }
    : { limits, isFresh: true, mustWait: () => false };
}
