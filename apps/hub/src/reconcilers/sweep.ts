import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { forgetOldSecrets } from '@interpulse/store/access/secrets.ts';
import type { Hub } from '../hub.ts';

/** Sweeps away what has lost its meaning: expired secrets, codes and idempotency keys. */
export async function sweep(hub: Hub): Promise<void> {
  const now = hub.now();
  await forgetOldSecrets(hub.db, now, addSeconds(now, -limits.idempotencySeconds));
}
