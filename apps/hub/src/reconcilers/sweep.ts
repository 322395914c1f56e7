import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { forgetOldSecrets } from '@interpulse/store/access/secrets.ts';
import { forgetActionRuns } from '@interpulse/store/action-runs/write-action-runs.ts';
import { forgetPlacements } from '@interpulse/store/jobs/forget-placements.ts';
import { forgetMaintenance } from '@interpulse/store/sites/change-sites.ts';
import { foldSiteLoads } from '@interpulse/store/sites/site-loads.ts';
import { forgetSiteSamples } from '@interpulse/store/sites/site-samples.ts';
import { performLimits } from '../actions/perform-limits.ts';
import { noticeLimits } from '@interpulse/domain/notice/notice-limits.ts';
import { forgetNotices } from '@interpulse/store/notices/write-notices.ts';
import { forgetFirings } from '@interpulse/store/triggers/firings.ts';
import type { Hub } from '../hub.ts';

/**
 * Sweeps away what has lost its meaning: expired secrets, codes and idempotency keys, maintenance
 * that is over, old samples of the use of sites, what placing saw that no job refers to any more,
 * the counts of connections that are gone, and what triggers remember of events long past.
 */
export async function sweep(hub: Hub): Promise<void> {
  const now = hub.now();
  await forgetOldSecrets(hub.db, now, addSeconds(now, -limits.idempotencySeconds));
  const kept = addSeconds(now, -limits.siteSamplesKeptSeconds);
  await forgetMaintenance(hub.db, kept);
  await forgetSiteSamples(hub.db, kept);
  await forgetPlacements(hub.db);
  await forgetActionRuns(hub.db, addSeconds(now, -performLimits.keptSeconds));
  await foldSiteLoads(hub.db);
  await forgetFirings(hub.db, {
    fired: addSeconds(now, -triggerLimits.firedKeptSeconds),
    others: addSeconds(now, -triggerLimits.notFiredKeptSeconds),
    kept: triggerLimits.notFiredKept,
  });
  await forgetNotices(hub.db, addSeconds(now, -noticeLimits.keptSeconds));
}
