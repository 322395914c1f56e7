import type { Claim } from './session-frame.ts';

/** What a server does with a connection for an identity that another one already uses. */
export type ClaimVerdict = 'same' | 'replaces' | 'refused';

/**
 * Whether `newcomer` takes the identity from `holder`: the same process always does (it
 * reconnects), another one if it started later. Two processes therefore never take turns, on
 * whichever server they meet.
 */
export function judgeClaim(holder: Claim, newcomer: Claim): ClaimVerdict {
  if (holder.nonce === newcomer.nonce) return 'same';
  return isNewerClaim(newcomer, holder) ? 'replaces' : 'refused';
}

/** Whether process `a` started after `b`; the nonce decides between equal instants. */
export function isNewerClaim(a: Claim, b: Claim): boolean {
  const difference = Date.parse(a.startedAt) - Date.parse(b.startedAt);
  return difference > 0 || (difference === 0 && a.nonce > b.nonce);
}
