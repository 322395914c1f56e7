import type { Hub } from '../hub.ts';

/** Of what a site tells. */
export type Told = 'jobs' | 'transfers';

const lastWereSteps = new WeakMap<Hub, Set<string>>();

/**
 * Whether the last ends of which a site told were of steps of flow runs: its next ones are too,
 * most likely, and what the next steps need is asked for with the first statement.
 */
export function expectsSteps(hub: Hub, siteId: string, told: Told): boolean {
  return lastWereSteps.get(hub)?.has(`${told} ${siteId}`) === true;
}

/** Notes of what the ends were that a site told; of none at all there is nothing to note. */
export function noteSteps(
  hub: Hub,
  siteId: string,
  told: Told,
  ends: readonly { flowStep: number | null }[],
): void {
  if (ends.length === 0) return;
  const sites = lastWereSteps.get(hub) ?? new Set();
  lastWereSteps.set(hub, sites);
  if (ends.some(({ flowStep }) => flowStep !== null)) sites.add(`${told} ${siteId}`);
  else sites.delete(`${told} ${siteId}`);
}
