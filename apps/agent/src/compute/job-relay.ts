import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentLog } from '../agent-log.ts';
import { ReportRelay } from '../hub/report-relay.ts';
import { mergeStarts } from './merge-starts.ts';

/** Passes job reports of all pilots on to the hub; a start travels within its end. */
export type JobRelay = ReportRelay<JobReport>;

/** Makes the relay; `send` settles when the hub has taken the reports. */
export function createJobRelay(
  send: (reports: JobReport[]) => Promise<void>,
  log: AgentLog,
): JobRelay {
  const kind = {
    reportsPerMessage: 1000,
    charactersOf: estimateCharacters,
    combine: mergeStarts,
    nameOf: ({ jobId, attempt, event }: JobReport) => ({ jobId, attempt, event }),
  };
  return new ReportRelay(kind, send, log);
}

function estimateCharacters(report: JobReport): number {
  const { argv, outputs, hosts, stderrTail, reason, preview } = report;
  const words = argv.reduce((sum, word) => sum + word.length + 3, 0);
  const files = outputs.reduce((sum, { location, value }) => {
    const characters = value === undefined ? 0 : JSON.stringify(value).length;
    return sum + location.length + 200 + characters;
  }, 0);
  const fields = 600 + hosts.length * 40 + (reason?.length ?? 0) + 2 * (stderrTail?.length ?? 0);
  return words + files + fields + (preview === null ? 0 : JSON.stringify(preview).length);
}
