import type { PilotReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';

/** An attempt that a pilot holds, or is about to be given. */
export interface HeldTask {
  jobId: JobId;
  attempt: number;
  /** Canceled while its folder was being made: the pilot never hears of it. */
  canceled: boolean;
  isGiven: boolean;
}

/** What the agent knows of one living pilot. */
export interface KnownPilot {
  pilotId: PilotId;
  batchJobId: string | null;
  state: 'submitted' | 'running';
  host: string | null;
  cores: number;
  /** It has said what it holds; until then leases wait, for it may hold them already. */
  hasIntroducedItself: boolean;
  leases: Lease[];
  tasks: Map<string, HeldTask>;
}

/** One word for an attempt. */
export function taskKey(task: { jobId: string; attempt: number }): string {
  return `${task.jobId} ${task.attempt}`;
}

/** A pilot that was just submitted or found. */
export function newPilot(pilotId: PilotId, batchJobId: string | null): KnownPilot {
  return {
    pilotId,
    batchJobId,
    state: 'submitted',
    host: null,
    cores: 0,
    hasIntroducedItself: false,
    leases: [],
    tasks: new Map(),
  };
}

/** What there is to say of a pilot now. */
export function pilotReport(
  pilot: KnownPilot,
  event: PilotReport['event'] = pilot.state,
  reason: string | null = null,
): PilotReport {
  const { pilotId, batchJobId, host, cores } = pilot;
  return { pilotId, event, at: fromMilliseconds(Date.now()), batchJobId, host, cores, reason };
}
