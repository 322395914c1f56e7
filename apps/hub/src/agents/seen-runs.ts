import type { SeenRuns } from '@interpulse/store/jobs/observe-jobs.ts';
import { bytesOf, type AttemptWord, type ReportedJob } from '@interpulse/store/jobs/report-jobs.ts';

/** What a batch of words shows of how long apps run and what they leave behind, by app. */
export function seenRuns(
  siteId: string,
  words: readonly AttemptWord[],
  applied: ReadonlyMap<string, ReportedJob>,
): SeenRuns[] {
  const seen = new Map<string, SeenRuns>();
  for (const word of words) {
    const job = applied.get(word.jobId);
    if (word.event !== 'completed' || job === undefined || word.usage === null) continue;
    const app = job.app ?? '';
    const runs = seen.get(app) ?? emptyRuns(siteId, app);
    runs.count += 1;
    runs.runSeconds += (word.usage.wallSeconds - runs.runSeconds) / runs.count;
    runs.outputBytes += (bytesOf(word.outputs) - runs.outputBytes) / runs.count;
    seen.set(app, runs);
  }
  return [...seen.values()];
}

function emptyRuns(siteId: string, app: string): SeenRuns {
  return { siteId, app, count: 0, runSeconds: 0, outputBytes: 0 };
}
