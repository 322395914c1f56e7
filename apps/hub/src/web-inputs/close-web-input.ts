import { endWebInput, type LockedWebInput } from '@interpulse/store/web-inputs/write-web-inputs.ts';
import type { HubTransaction } from '../hub.ts';

/** Closes a locked question whose flow run knows of it already. */
export async function closeWebInput(
  tx: HubTransaction,
  asked: LockedWebInput,
  reason: string,
  at: string,
): Promise<void> {
  const nobody = { endedAt: at, endedBy: null, response: null };
  await endWebInput(tx, asked, { ...nobody, status: 'closed', comment: reason }, null);
}
