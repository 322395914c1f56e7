import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The word by which a pilot shows that this agent submitted it: made from the agent's secret, so
 * that it need not be kept and still holds after a restart.
 */
export function pilotToken(secret: string, pilotId: string): string {
  return createHmac('sha256', secret).update(`pilot ${pilotId}`).digest('hex');
}

/** Whether a pilot showed its token; in a time that does not depend on where they differ. */
export function isPilotToken(secret: string, pilotId: string, shown: string | null): boolean {
  const wanted = Buffer.from(pilotToken(secret, pilotId));
  const given = Buffer.from(shown ?? '');
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}
