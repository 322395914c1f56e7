import { hostname } from 'node:os';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';

/** The agent's own word on an attempt: its pilot never had it, or is no more. */
export function unstartedReport(
  pilotId: PilotId,
  { jobId, attempt }: { jobId: JobId; attempt: number },
  event: 'failed' | 'canceled' | 'released' | 'preempted',
  reason: string | null,
): JobReport {
  return {
    jobId,
    attempt,
    pilotId,
    event,
    at: fromMilliseconds(Date.now()),
    startedAt: null,
    host: hostname(),
    hosts: [],
    user: null,
    pid: null,
    argv: [],
    appDigest: null,
    versions: {},
    exitCode: null,
    signal: null,
    reason,
    usage: null,
    outputs: [],
    preview: null,
    stderrTail: null,
  };
}
