/**
 * A transfer's life.
 *
 *     queued ──dispatched──▶ active ──succeeded──▶ succeeded
 *        ▲                     │
 *        └──────faulted────────┘   (tried again after a pause, until the attempts are used up)
 *
 * `failed` and `canceled` end it from either state.
 */
export const transferStates = ['queued', 'active', 'succeeded', 'failed', 'canceled'] as const;

/** One of {@link transferStates}. */
export type TransferState = (typeof transferStates)[number];

/** What can happen to a transfer. */
export type TransferEvent = 'dispatched' | 'faulted' | 'succeeded' | 'failed' | 'canceled';

/** State → event → next state. What is not here is refused. */
export const transferTransitions: Record<
  TransferState,
  Partial<Record<TransferEvent, TransferState>>
> = {
  queued: { dispatched: 'active', failed: 'failed', canceled: 'canceled' },
  active: { faulted: 'queued', succeeded: 'succeeded', failed: 'failed', canceled: 'canceled' },
  succeeded: {},
  failed: {},
  canceled: {},
};

/** The state after `event`, or null when the table refuses it. */
export function nextTransferState(
  state: TransferState,
  event: TransferEvent,
): TransferState | null {
  return transferTransitions[state][event] ?? null;
}

/** Seconds to wait before attempt `attempt + 1`: 1, 2, 4 … 60. */
export function transferBackoffSeconds(attempt: number): number {
  return Math.min(60, 2 ** Math.max(0, attempt - 1));
}
