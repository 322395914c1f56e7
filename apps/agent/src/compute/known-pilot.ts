import type { PilotReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { PilotToAgent } from '@interpulse/api/agent-messages/pilot-messages.ts';
import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import type { Node } from '@interpulse/domain/site/site.ts';
import { fromMilliseconds, type Instant } from '@interpulse/domain/time.ts';

/** An attempt that a pilot holds, or is about to be given. */
export interface HeldTask {
  jobId: JobId;
  attempt: number;
  workFolder: string | null;
  /** What became of it while its folder was being made: the pilot never hears of it. */
  fate: 'canceled' | 'released' | null;
  isGiven: boolean;
}

/** What the agent knows of one living pilot. */
export interface KnownPilot {
  readonly pilotId: PilotId;
  batchJobId: string | null;
  /** Its nodes may be taken, and it is queued again; null when nobody knows any more. */
  isRequeued: boolean | null;
  /** `running` when its process has called. */
  state: 'submitted' | 'running';
  host: string | null;
  nodes: Node[];
  expectedAt: Instant | null;
  endsAt: Instant | null;
  /** Why it waits, in the words of the batch system. */
  reason: string | null;
  /** What the batch system said last. */
  batchState: 'queued' | 'running' | 'unknown' | null;
  /** How often its nodes were taken, as the batch system counts; null until that is known. */
  restarts: number | null;
  /** Which process called; another one under the same id is the next incarnation. */
  process: string | null;
  /** The one before it, whose nodes were taken. */
  formerProcess: string | null;
  /** It has said what it holds; until then leases wait, for it may hold them already. */
  hasIntroducedItself: boolean;
  /** The last words of a process that may come back: the batch system knows. */
  farewell: string | null;
  /** Since when it does not answer, by `performance.now`. */
  silentSinceMs: number | null;
  leases: Lease[];
  tasks: Map<string, HeldTask>;
  /** Attempts of former incarnations, whose end was told. */
  readonly gone: Set<string>;
  /** Words about it reach the hub in order. */
  words: Promise<void>;
}

/** One word for an attempt. */
export function taskKey(task: { jobId: string; attempt: number }): string {
  return `${task.jobId} ${task.attempt}`;
}

/** A pilot that was just submitted or found. */
export function newPilot(
  pilotId: PilotId,
  batchJobId: string | null,
  isRequeued: boolean | null = null,
): KnownPilot {
  return {
    pilotId,
    batchJobId,
    isRequeued,
    state: 'submitted',
    host: null,
    nodes: [],
    expectedAt: null,
    endsAt: null,
    reason: null,
    batchState: null,
    restarts: null,
    process: null,
    formerProcess: null,
    hasIntroducedItself: false,
    farewell: null,
    silentSinceMs: null,
    leases: [],
    tasks: new Map(),
    gone: new Set(),
    words: Promise.resolve(),
  };
}

/** What there is to say of a pilot now. */
export function pilotReport(
  pilot: KnownPilot,
  event: PilotReport['event'] = pilot.state,
  reason: string | null = pilot.reason,
): PilotReport {
  const { pilotId, batchJobId, host, nodes, expectedAt, endsAt } = pilot;
  const at = fromMilliseconds(Date.now());
  return { pilotId, event, at, batchJobId, host, nodes, expectedAt, endsAt, reason };
}

type PilotState = Extract<PilotToAgent, { type: 'pilotState' }>;

/** Which process it is: no two of one pilot have the same. */
export function processOf({ host, pid }: PilotState): string {
  return `${host} ${pid}`;
}

/** Clocks may differ by about a second; no process that begins has so little left. */
const leavingMs = 2_000;

/** Whether a process that leaves says so after it is known to be gone: it is nobody's call. */
export function isLateWord(pilot: KnownPilot, state: PilotState): boolean {
  const isLeaving = Date.parse(state.endsAt) <= Date.now() + leavingMs;
  return isLeaving && pilot.formerProcess === processOf(state);
}

/** Notes that its process has called. */
export function meetProcess(pilot: KnownPilot, state: PilotState): void {
  pilot.process = processOf(state);
  pilot.state = 'running';
  pilot.host = state.host;
  pilot.nodes = state.nodes;
  pilot.endsAt = state.endsAt;
  pilot.expectedAt = null;
  pilot.reason = null;
  pilot.batchState = 'running';
  pilot.farewell = null;
  pilot.silentSinceMs = null;
  pilot.hasIntroducedItself = true;
}

/** Notes that its process is no more, and that it waits for nodes again. */
export function loseProcess(pilot: KnownPilot, reason: string): void {
  pilot.formerProcess = pilot.process;
  pilot.process = null;
  pilot.state = 'submitted';
  pilot.host = null;
  pilot.nodes = [];
  pilot.endsAt = null;
  pilot.reason = reason;
  pilot.farewell = null;
  pilot.silentSinceMs = null;
  pilot.hasIntroducedItself = false;
}

/** A pilot that its batch system calls running, and that does not answer so long, is given up. */
const unreachableMs = 60_000;

/** Whether it has not answered for too long; notes whether it does now. */
export function isUnreachable(pilot: KnownPilot, answers: boolean): boolean {
  if (answers) pilot.silentSinceMs = null;
  const sinceMs = pilot.silentSinceMs ?? Number.POSITIVE_INFINITY;
  return performance.now() - sinceMs > unreachableMs;
}
