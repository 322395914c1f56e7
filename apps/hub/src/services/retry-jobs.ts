import type { Hub, HubTransaction } from '../hub.ts';

/**
 * Runs failed and canceled jobs again, and those that failed because of them; answers how many.
 */
export async function retryJobs(
  _hub: Hub,
  _tx: HubTransaction,
  _jobIds: readonly string[],
  _actor: string | null,
): Promise<number> {
  throw new Error('not yet');
}
