import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AttemptWord } from '@interpulse/store/jobs/report-jobs.ts';

/**
 * The last word of each attempt in a batch of reports. Start and end of a short job come together:
 * its row is written once for both.
 */
export function wordsOf(reports: readonly JobReport[]): AttemptWord[] {
  const words = new Map<string, AttemptWord>();
  for (const { preview: _, ...report } of reports) {
    const key = `${report.jobId} ${report.attempt} ${report.pilotId}`;
    const before = words.get(key);
    if (before === undefined) words.set(key, { ...report, retry: null });
    // Of two ends the first counts, and a start that comes after its end says nothing.
    else if (before.event === 'started' && report.event !== 'started') {
      words.set(key, { ...merged(before, report), retry: null });
    }
  }
  return lastAttempts([...words.values()]);
}

function merged(
  start: Omit<JobReport, 'preview'>,
  end: Omit<JobReport, 'preview'>,
): Omit<JobReport, 'preview'> {
  return {
    ...end,
    startedAt: end.startedAt ?? start.at,
    argv: end.argv.length > 0 ? end.argv : start.argv,
    hosts: end.hosts.length > 0 ? end.hosts : start.hosts,
    versions: Object.keys(end.versions).length > 0 ? end.versions : start.versions,
    user: end.user ?? start.user,
    pid: end.pid ?? start.pid,
    appDigest: end.appDigest ?? start.appDigest,
  };
}

/** One statement takes one word of a job: that of its last attempt, the others count no more. */
function lastAttempts(words: readonly AttemptWord[]): AttemptWord[] {
  const last = new Map<string, AttemptWord>();
  for (const word of words) {
    const other = last.get(word.jobId);
    if (other === undefined || other.attempt <= word.attempt) last.set(word.jobId, word);
  }
  return [...last.values()];
}
