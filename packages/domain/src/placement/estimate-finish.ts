import { fromMilliseconds } from '../time.ts';
import { assumptions } from './assumptions.ts';
import type { Candidate, Typical } from './candidate.ts';
import { estimateWait } from './estimate-wait.ts';
import type { Estimate, SiteSnapshot } from './snapshot.ts';

/**
 * Estimates when a job's answer would be back from a site, from what was observed: a job waits in
 * the queue while its inputs travel, so the longer of the two counts; then its run and its return.
 */
export function estimateFinish(candidate: Candidate, nowMilliseconds: number): Estimate {
  const { job } = candidate;
  const transferSeconds = estimateTransfer(candidate);
  const runSeconds = estimateRun(candidate);
  const waitSeconds = estimateWait({ ...candidate, runSeconds });
  const returnSeconds = estimateReturn(candidate);
  const seconds = Math.max(transferSeconds, waitSeconds) + runSeconds + returnSeconds;
  const finish = nowMilliseconds + Math.round(seconds * 1000);
  const inTime = job.deadlineAt === null || finish <= Date.parse(job.deadlineAt);
  const finishAt = fromMilliseconds(finish);
  return { transferSeconds, waitSeconds, runSeconds, returnSeconds, finishAt, inTime };
}

/** Learns from all sites what is typical. */
export function typicalOf(sites: readonly SiteSnapshot[]): Typical {
  return {
    runSeconds: means(sites.map(({ runSeconds }) => runSeconds)),
    bytesPerSecond: means(sites.map(({ bytesPerSecond }) => bytesPerSecond)),
    returnBytesPerSecond: means(sites.map(({ returnBytesPerSecond }) => returnBytesPerSecond)),
  };
}

function estimateTransfer({ job, site, typical }: Candidate): number {
  let seconds = 0;
  for (const [collection, bytes] of Object.entries(job.inputBytes)) {
    if (site.collections.includes(collection)) continue;
    const seen = own(site.bytesPerSecond, collection) ?? typical.bytesPerSecond.get(collection);
    seconds += bytes / (seen ?? assumptions.bytesPerSecond);
  }
  return seconds;
}

/** Seconds of a run; one that takes longer than it asked for is ended. */
export function estimateRun({
  job,
  site,
  typical,
}: Pick<Candidate, 'job' | 'site' | 'typical'>): number {
  const app = job.app ?? '';
  const seen = own(site.runSeconds, app) ?? typical.runSeconds.get(app);
  return Math.min(seen ?? assumptions.runSeconds, job.resources.walltimeSeconds);
}

function estimateReturn({ job, site, typical }: Candidate): number {
  const { returnCollection } = job;
  if (returnCollection === null || site.collections.includes(returnCollection)) return 0;
  const bytes = own(site.outputBytes, job.app ?? '') ?? assumptions.outputBytes;
  const seen =
    own(site.returnBytesPerSecond, returnCollection) ??
    typical.returnBytesPerSecond.get(returnCollection);
  return bytes / (seen ?? assumptions.bytesPerSecond);
}

/** What every object has is not something that was seen. */
function own(seen: Record<string, number>, name: string): number | undefined {
  return Object.hasOwn(seen, name) ? seen[name] : undefined;
}

/** A new site is neither shunned nor favoured until it has shown what it can. */
function means(all: readonly Record<string, number>[]): Map<string, number> {
  const seen = Map.groupBy(
    all.flatMap((each) => Object.entries(each)),
    ([name]) => name,
  );
  return new Map(
    [...seen].map(([name, entries]) => [
      name,
      entries.reduce((sum, [, value]) => sum + value, 0) / entries.length,
    ]),
  );
}
