import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  applyJobReports,
  keepJobPreview,
  observeRuntimes,
  type ReportedJob,
} from '@interpulse/store/jobs/report-jobs.ts';
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
    const begun = await applyJobReports(tx, started);
    await keepPreviews(tx, ended);
    const done = await applyJobReports(tx, ended);
    await observeRuntimes(tx, done);
    await noticeEndedJobs(hub, tx, done);
    if (done.length > 0) await afterEnds(hub, tx, siteId, ended, done);
    tellStale(hub, tx, siteId, started, begun, done);
    if (begun.length + done.length > 0) tx.notify([eventsTopic]);
  });
}

async function keepPreviews(tx: HubTransaction, ended: readonly JobReport[]): Promise<void> {
  for (const { jobId, preview, outputs } of ended) {
    const output = outputs.find(({ name }) => name === 'preview');
    if (preview && output) await keepJobPreview(tx, jobId, output.location, preview);
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

/** A `started` that changed nothing is of an attempt that was taken away: its process shall end. */
function tellStale(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  started: readonly JobReport[],
  begun: readonly ReportedJob[],
  done: readonly ReportedJob[],
): void {
  const current = new Set([...begun, ...done].map((job) => job.jobId));
  const jobs = started
    .filter((report) => !current.has(report.jobId))
    .map(({ jobId, attempt, pilotId }) => ({ jobId, attempt, pilotId }));
  if (jobs.length > 0) tx.afterCommit(() => void hub.tell(siteId, { type: 'cancelJobs', jobs }));
}
