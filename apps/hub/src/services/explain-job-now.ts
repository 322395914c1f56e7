import { consideredSiteSchema } from '@interpulse/api/routes/jobs.ts';
import {
  explainJob,
  type ConsideredSite,
  type JobExplanation,
} from '@interpulse/domain/job/explain-job.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { jobOf, type JobRow } from '@interpulse/store/jobs/job-row.ts';
import { consideredFor, listJobs } from '@interpulse/store/jobs/read-jobs.ts';
import { listPilots } from '@interpulse/store/pilots/pilots.ts';
import { findSite } from '@interpulse/store/sites/read-sites.ts';
import { listTransfers } from '@interpulse/store/transfers/transfers.ts';

/** Transfers of a job that are looked at for trouble. */
const transfersLookedAt = 10;
/** Pilots of its site, newest first. */
const pilotsLookedAt = 50;

/** Says why a job is where it is, from all that is known around it. */
export async function explainJobNow(
  db: Executor,
  row: JobRow,
): Promise<JobExplanation & { sites: ConsideredSite[] }> {
  const job = jobOf(row);
  const { parents: jobIds, siteName } = job;
  const [considered, transfers, parents, site, pilots] = await Promise.all([
    consideredFor(db, row),
    listTransfers(db, { projects: null, jobId: job.id, limit: transfersLookedAt }),
    jobIds.length === 0 ? [] : listJobs(db, { projects: null, jobIds, limit: jobIds.length }),
    siteName === null ? undefined : findSite(db, siteName),
    siteName === null ? [] : listPilots(db, { site: siteName, limit: pilotsLookedAt }),
  ]);
  const sites = consideredSiteSchema.array().catch([]).parse(considered);
  const siteTrouble = site?.statusReason ?? null;
  const around = { parents, pools: site?.pools ?? [], pilots, siteTrouble };
  return { ...explainJob(job, sites, transfers, around), sites };
}
