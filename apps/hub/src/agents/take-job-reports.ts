import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { lockFlowRunsOf } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import { staleAttempts } from '@interpulse/store/jobs/held-attempts.ts';
import { lockChildrenOf } from '@interpulse/store/jobs/parents.ts';
import { findJobs } from '@interpulse/store/jobs/read-jobs.ts';
import {
  applyAttemptWords,
  keepJobPreview,
  noteCanceledUse,
  type AttemptWord,
  type ReportedJob,
} from '@interpulse/store/jobs/report-jobs.ts';
import { notePilotsIdle } from '@interpulse/store/pilots/pilots.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { noticeEndedJobs } from '../services/notice-ended-jobs.ts';
import { askForStarts } from '../services/ask-for-starts.ts';
import { expectsSteps, noteSteps } from '../services/expect-steps.ts';
import { returnOutputs } from '../services/return-outputs.ts';
import { decideRetries } from './decide-retries.ts';
import { learnFromRuns } from './learn-from-runs.ts';
import { leaseAtSite } from './lease-jobs.ts';
import { pilotsWantingMore } from './lease-pace.ts';
import { releasePausesOf } from './release-pauses.ts';
import { hasMissed, type RoomSeen } from './see-room.ts';
import { seenRuns } from './seen-runs.ts';
import { takeApart } from './take-apart.ts';
import { wordsOf } from './words-of-attempts.ts';

/**
 * Takes what pilots say of attempts, fenced by pilot and attempt; what waited goes on and the
 * pilots' free cores are filled, all in one transaction. Who reports an attempt that is no longer
 * current is told to end it.
 */
export async function takeJobReports(
  hub: Hub,
  siteId: string,
  reports: readonly JobReport[],
): Promise<void> {
  const byJob = [...Map.groupBy(reports, ({ jobId }) => jobId).values()];
  await takeApart(byJob, (some) => takeTogether(hub, siteId, some.flat()));
}

async function takeTogether(
  hub: Hub,
  siteId: string,
  reports: readonly JobReport[],
): Promise<void> {
  await hub.transaction(async (tx) => {
    const ending = reports.filter(({ event }) => event !== 'started');
    const jobIds = ending.map(({ jobId }) => jobId);
    // Issued first, before any row of theirs is touched.
    tx.ahead.ask('flowRuns', lockFlowRunsOf(tx, { jobIds }));
    const words = await decideRetries(hub.db, tx, wordsOf(reports), hub.now());
    const applied = applyAttemptWords(tx, siteId, words);
    const room = askAhead(hub, tx, siteId, jobIds);
    const changed = await applied;
    if (changed.length > 0) pauseReleasing(hub, siteId, words);
    const byJob = new Map(changed.map((job) => [job.jobId as string, job]));
    if (changed.length > 0) await goOn(hub, tx, siteId, { reports, words, changed, room });
    const missed = words.filter((word) => byJob.get(word.jobId)?.attempt !== word.attempt);
    if (missed.length > 0) await takeMissed(hub, tx, siteId, missed);
    const over = changed.filter(({ state }) => state !== 'active');
    noteSteps(hub, siteId, 'jobs', over);
    tx.afterCommit(() => learnFromRuns(hub, seenRuns(siteId, words, byJob)));
  });
}

/** Asks for what follows from the ends of jobs; answers the question for the site's room. */
function askAhead(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  jobIds: readonly string[],
): Promise<RoomSeen> | null {
  if (jobIds.length === 0) return null;
  tx.ahead.ask('children', lockChildrenOf(tx, jobIds));
  if (!expectsSteps(hub, siteId, 'jobs')) return null;
  tx.ahead.ask('jobs', findJobs(tx, jobIds));
  return askForStarts(hub, tx, siteId);
}

/** At the end of the pause it is looked whether somebody has room. */
function pauseReleasing(hub: Hub, siteId: string, words: readonly AttemptWord[]): void {
  const pauseMs = releasePausesOf(hub).note(words, performance.now());
  if (pauseMs === 0) return;
  setTimeout(() => hub.db.topics.emit([topics.leases(siteId)]), pauseMs + 1).unref();
}

interface Taken {
  reports: readonly JobReport[];
  words: readonly AttemptWord[];
  changed: readonly ReportedJob[];
  /** How much room the site had after these words; null when nobody asked. */
  room: Promise<RoomSeen> | null;
}

async function goOn(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  { reports, words, changed, room: asked }: Taken,
): Promise<void> {
  tx.notify([eventsTopic]);
  for (const report of reports) {
    const output = report.outputs.find(({ name }) => name === 'preview');
    if (report.preview && output) await keepJobPreview(tx, report, output.location);
  }
  const over = changed.filter((job) => job.state !== 'active');
  if (over.length === 0) return;
  if (over.some((job) => job.state === 'queued')) tx.notify([topics.queuedJobs]);
  returnOutputs(hub, tx, returning(words, over));
  await noticeEndedJobs(hub, tx, over);
  const ended = new Map<string, number>();
  for (const { pilotId, event } of words) {
    if (event !== 'started') ended.set(pilotId, (ended.get(pilotId) ?? 0) + 1);
  }
  tx.commitWith(notePilotsIdle(tx, [...ended.keys()], hub.now()));
  const seen = await asked;
  if (seen?.room.othersWait === false) {
    // What has become ready since then was leased as it came, but to this room.
    tx.afterCommit(() => {
      if (hasMissed(hub, tx, seen)) hub.db.topics.emit([topics.leases(siteId)]);
    });
    return;
  }
  // What was given back is for another pilot.
  const isGivenBack = words.some(({ event }) => event === 'released');
  const pilotIds = isGivenBack ? null : pilotsWantingMore(hub, ended);
  if (pilotIds?.length !== 0) await leaseAtSite(hub, tx, siteId, { wait: false, pilotIds });
}

function returning(words: readonly AttemptWord[], over: readonly ReportedJob[]) {
  const back = over.filter((job) => job.state === 'stagingOut');
  if (back.length === 0) return [];
  const outputs = new Map<string, AttemptWord['outputs']>(
    words.map((word) => [word.jobId, word.outputs]),
  );
  return back.flatMap((job) =>
    job.returning === null
      ? []
      : [{ ...job, ...job.returning, outputs: outputs.get(job.jobId) ?? [] }],
  );
}

/**
 * What was started although its attempt was taken away shall end; a doubled word ends nothing. Of
 * attempts that were canceled here it is kept what they used.
 */
async function takeMissed(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  missed: readonly AttemptWord[],
): Promise<void> {
  await noteCanceledUse(
    tx,
    missed.filter((word) => word.event !== 'started' && word.usage !== null),
  );
  const started = missed.filter((word) => word.event === 'started');
  const stale = await staleAttempts(tx, siteId, started);
  if (stale.length === 0) return;
  tx.afterCommit(() => void hub.tell(siteId, { type: 'cancelJobs', jobs: stale }));
}
