import { fromMilliseconds } from '@interpulse/domain/time.ts';
import type { PilotToAgent } from './pilot-messages.ts';
import type { FromAgent } from './session-messages.ts';

/** By the sender's clock. That of a file's change is its storage's, and part of who it is. */
const names = ['at', 'startedAt', 'expectedAt', 'endsAt', 'closedAt', 'takenAt', 'nextShotAt'];

/**
 * A message with its instants by the reader's clock, of which the sender's is ahead by so many
 * milliseconds: what is compared with the reader's own instants, such as the end of a walltime or
 * a deadline, must be.
 */
export function translateTimes<M extends FromAgent | PilotToAgent>(message: M, aheadMs: number): M {
  if (aheadMs === 0 || !('type' in message)) return message;
  const translated: Record<string, unknown> = withOwnTimes(message, aheadMs);
  for (const list of ['reports', 'pilots']) {
    const entries = translated[list];
    if (!Array.isArray(entries)) continue;
    translated[list] = entries.map((entry: object) => withOwnTimes(entry, aheadMs));
  }
  return translated as M;
}

function withOwnTimes(fields: object, aheadMs: number): Record<string, unknown> {
  const own: Record<string, unknown> = { ...fields };
  for (const name of names) {
    const at = own[name];
    if (typeof at === 'string') own[name] = fromMilliseconds(Date.parse(at) - aheadMs);
  }
  return own;
}
