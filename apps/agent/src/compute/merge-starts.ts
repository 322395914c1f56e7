import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';

/**
 * Leaves out the start of an attempt whose end is told in the same message; the end then says what
 * the start said. Half as much is written for short jobs.
 */
export function mergeStarts(reports: readonly JobReport[]): JobReport[] {
  const starts = new Map<string, JobReport>();
  for (const report of reports) {
    if (report.event === 'started') starts.set(keyOf(report), report);
  }
  if (starts.size === 0 || starts.size === reports.length) return [...reports];
  const merged = new Set<JobReport>();
  const ends = reports.map((report) => {
    const start = report.event === 'started' ? undefined : starts.get(keyOf(report));
    if (start === undefined) return report;
    merged.add(start);
    return withStart(report, start);
  });
  return ends.filter((report) => !merged.has(report));
}

function withStart(end: JobReport, start: JobReport): JobReport {
  return {
    ...end,
    startedAt: end.startedAt ?? start.startedAt ?? start.at,
    host: start.host,
    argv: end.argv.length > 0 ? end.argv : start.argv,
    hosts: end.hosts.length > 0 ? end.hosts : start.hosts,
    pid: end.pid ?? start.pid,
    user: end.user ?? start.user,
    appDigest: end.appDigest ?? start.appDigest,
    versions: { ...start.versions, ...end.versions },
  };
}

function keyOf({ jobId, attempt, pilotId }: JobReport): string {
  return `${jobId} ${attempt} ${pilotId}`;
}
