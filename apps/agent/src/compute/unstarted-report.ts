import { hostname } from 'node:os';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';

/** The report of an attempt that never reached its pilot. */
export function unstartedReport(
  pilotId: PilotId,
  { jobId, attempt }: { jobId: JobId; attempt: number },
  event: 'failed' | 'canceled',
  reason: string | null,
): JobReport {
  return {
    jobId,
    attempt,
    pilotId,
    event,
    at: fromMilliseconds(Date.now()),
    host: hostname(),
    pid: null,
    argv: [],
    exitCode: null,
    signal: null,
    reason,
    usage: null,
    outputs: [],
    preview: null,
    stderrTail: null,
  };
}
