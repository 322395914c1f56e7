import type { Fault } from '../error.ts';
import type { PoolSettings } from './site.ts';

/** What the hub's administrators set of a pool; the rest is as its site offers it. */
export type TunedSettings = { [K in keyof PoolSettings]?: PoolSettings[K] | undefined };

const capped = [
  'minWarm',
  'maxPilots',
  'nodesPerPilot',
  'walltimeSeconds',
  'idleSeconds',
] as const satisfies readonly (keyof PoolSettings)[];

/**
 * The settings that count: what was tuned, and never more than the site offers now (its offer may
 * have become smaller since).
 */
export function tunePool(offered: PoolSettings, tuned: TunedSettings): PoolSettings {
  const settings = { ...offered, paused: offered.paused || (tuned.paused ?? false) };
  for (const key of capped) settings[key] = Math.min(offered[key], tuned[key] ?? offered[key]);
  return settings;
}

/** What of a wish for a pool's settings goes beyond what its site offers. */
export function faultsOfTuning(offered: PoolSettings, tuned: TunedSettings): Fault[] {
  const faults = capped.flatMap((key): Fault[] => {
    const wish = tuned[key];
    if (wish === undefined || wish <= offered[key]) return [];
    const msg = `${wish} is more than the ${offered[key]} that the site allows; its staff set it`;
    return [{ loc: [key], msg, type: 'too_big' }];
  });
  if (offered.paused && tuned.paused === false) {
    const msg = 'the site itself has paused the pool';
    faults.push({ loc: ['paused'], msg, type: 'paused_by_site' });
  }
  return faults;
}
