import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  applyJobReports,
  keepJobPreview,
  observeRuntimes,
  type ReportedJob,
} from '@interpulse/store/jobs/report-jobs.ts';
import { staleAttempts } from '@interpulse/store/jobs/lose-jobs.ts';
import { notePilotsIdle } from '@interpulse/store/pilots/pilots.ts';
import { noteSitesWell } from '@interpulse/store/sites/watch-sites.ts';
import { findScratch } from '@interpulse/store/sites/read-sites.ts';
import { noticeEndedJobs } from '../services/notice-ended-jobs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { leaseAtSite } from './lease-jobs.ts';

/**
 * Takes what pilots say of attempts, fenced by pilot and attempt; the flow runs that waited go on
 * and the pilots' free cores are filled, all in one transaction. Who reports an attempt that is no
 * longer current is told to end it.
 */
export async function takeJobReports(
  hub: Hub,
  siteId: string,
  reports: readonly JobReport[],
): Promise<void> {
  await hub.transaction(async (tx) => {
    const started = reports.filter((report) => report.event === 'started');
    const ended = reports.filter((report) => report.event !== 'started');
    const begun = await applyJobReports(tx, siteId, started);
    const done = await applyJobReports(tx, siteId, ended);
    if (done.length > 0) await keepPreviews(tx, ended);
    await observeRuntimes(tx, done);
    await noticeEndedJobs(hub, tx, done);
    if (done.length > 0) await afterEnds(hub, tx, siteId, ended, done);
    if (begun.length < started.length) await tellStale(hub, tx, siteId, started);
    if (begun.length + done.length > 0) tx.notify([eventsTopic]);
  });
}

async function keepPreviews(tx: HubTransaction, ended: readonly JobReport[]): Promise<void> {
  for (const report of ended) {
    const output = report.outputs.find(({ name }) => name === 'preview');
    if (report.preview && output) await keepJobPreview(tx, report, output.location);
  }
}

async function afterEnds(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  reports: readonly JobReport[],
  done: readonly ReportedJob[],
): Promise<void> {
  const well = done.filter((job) => job.state === 'completed').map((job) => job.siteId);
  await noteSitesWell(tx, well);
  const pilots = reports.map((report) => report.pilotId);
  await notePilotsIdle(tx, pilots, hub.now());
  const scratch = await findScratch(tx, siteId);
  if (scratch !== null) await leaseAtSite(hub, tx, siteId, scratch);
}

/** What was started although its attempt was taken away shall end; a doubled word ends nothing. */
async function tellStale(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  started: readonly JobReport[],
): Promise<void> {
  const stale = await staleAttempts(tx, siteId, started);
  if (stale.length === 0) return;
  tx.afterCommit(() => void hub.tell(siteId, { type: 'cancelJobs', jobs: stale }));
}
