import type { BatchJob } from '@interpulse/adapters/batch/batch-system.ts';
import { secondsBetween } from '@interpulse/domain/time.ts';
import type { KnownPilot } from './known-pilot.ts';

/** What a look at the batch system says of one pilot. */
export type Verdict =
  | { is: 'asBefore' }
  /** Worth telling: why it waits, when it is expected to start, where it runs. */
  | { is: 'changed' }
  /** Its nodes were taken and it is queued again: what it held is gone. */
  | { is: 'preempted'; reason: string }
  | { is: 'over'; event: 'ended' | 'lost'; reason: string };

/** An expected start that moves less is not told again. */
const expectedSeconds = 30;

/**
 * Judges one pilot by its batch job. `calledMeanwhile`: its process called after the batch system
 * was asked, so that the answer may speak of the time before.
 */
export function judgePilot(
  pilot: KnownPilot,
  job: BatchJob,
  { calledMeanwhile }: { calledMeanwhile: boolean },
): Verdict {
  if (job.state === 'ended') return judgeEnd(pilot, job);
  if (!calledMeanwhile && wasTaken(pilot, job)) {
    return { is: 'preempted', reason: job.reason ?? pilot.farewell ?? 'its nodes were taken' };
  }
  const isOther = whyItWaits(job) !== pilot.reason || movedMuch(job.expectedAt, pilot.expectedAt);
  return pilot.state === 'submitted' && isOther ? { is: 'changed' } : { is: 'asBefore' };
}

/** Why a pilot that has not called does not run, in words for people. */
export function whyItWaits({ state, reason, hosts }: BatchJob): string | null {
  if (state !== 'running') return reason;
  const where = hosts.length === 0 ? '' : ` on ${hosts[0]}`;
  return `its batch job runs${where}; its process has not called yet`;
}

function wasTaken(pilot: KnownPilot, job: BatchJob): boolean {
  const hadProcess = pilot.state === 'running';
  if (hadProcess && job.state === 'queued') return true;
  return hadProcess && pilot.restarts !== null && job.restarts > pilot.restarts;
}

function judgeEnd(pilot: KnownPilot, job: BatchJob): Verdict {
  const isWell = job.exitCode === 0 || (pilot.farewell !== null && job.signal === null);
  const reason = pilot.farewell ?? explainEnd(job);
  return { is: 'over', event: isWell ? 'ended' : 'lost', reason };
}

function explainEnd({ exitCode, signal, reason }: BatchJob): string {
  const how =
    signal !== null
      ? `it was killed by ${signal}`
      : exitCode === null
        ? 'it is gone'
        : `it exited with code ${exitCode}`;
  return reason === null ? how : `${how}: ${reason}`;
}

function movedMuch(now: string | null, before: string | null): boolean {
  if (now === null || before === null) return now !== before;
  return Math.abs(secondsBetween(before, now)) >= expectedSeconds;
}
