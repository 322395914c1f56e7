import type { Estimate, JobToPlace, SiteSnapshot } from './snapshot.ts';

/**
 * Says which maintenance of a site a job would fall into. A pilot starts nothing that its walltime
 * may not see the end of, so the walltime asked for counts, not the run time as seen; what can be
 * started again counts by the latter.
 */
export function refuseForMaintenance(
  { maintenance }: SiteSnapshot,
  job: JobToPlace,
  { estimate, nowMilliseconds }: { estimate: Estimate; nowMilliseconds: number },
): string | null {
  const { transferSeconds, waitSeconds, runSeconds } = estimate;
  const length = job.restartable ? runSeconds : job.resources.walltimeSeconds;
  const lastEnd = nowMilliseconds + (Math.max(transferSeconds, waitSeconds) + length) * 1000;
  for (const { startsAt, endsAt, reason } of maintenance) {
    const starts = Date.parse(startsAt);
    if (Date.parse(endsAt) <= nowMilliseconds || starts >= lastEnd) continue;
    const why = reason === '' ? '' : ` (${reason})`;
    return starts <= nowMilliseconds
      ? `in maintenance until ${endsAt}${why}`
      : `in maintenance from ${startsAt}${why}, before ${Math.ceil(length)} s of it could be over`;
  }
  return null;
}
