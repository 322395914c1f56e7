import { DomainError } from '@interpulse/domain/error.ts';
import { webInputLimits } from '@interpulse/domain/web-input/web-input-limits.ts';
import { dueWebInputs, nextWebInputExpiry } from '@interpulse/store/web-inputs/write-web-inputs.ts';
import type { Hub } from '../hub.ts';
import { endAndTell } from '../web-inputs/end-and-tell.ts';

/**
 * Ends questions that nobody answered in time, also those that no step waits for yet: a flow run's
 * own timers would not see them. Answers when the next one expires.
 */
export async function expireWebInputs(hub: Hub): Promise<string | null> {
  for (const asked of await dueWebInputs(hub.db, hub.now(), webInputLimits.expiredPerRound)) {
    try {
      const expiry = { ending: { kind: 'expire' }, actor: null } as const;
      await hub.transaction((tx) => endAndTell(hub, tx, asked, expiry));
    } catch (error) {
      // Somebody else was quicker: another hub, or who closed it.
      if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
    }
  }
  return nextWebInputExpiry(hub.db);
}
