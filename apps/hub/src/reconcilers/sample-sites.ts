import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { sampleSites as insertSamples } from '@interpulse/store/sites/site-samples.ts';
import type { Hub } from '../hub.ts';

/** Notes how every site is used, once in a while, whichever hub comes to it first. */
export async function sampleSites(hub: Hub): Promise<void> {
  const now = hub.now();
  // A timer that is a little early must not skip a turn.
  await insertSamples(hub.db, now, addSeconds(now, -limits.siteSampleSeconds / 2));
}
