import type { Resources, RetryRule } from '../app/app.ts';
import { limits } from '../limits.ts';
import { addSeconds, type Instant } from '../time.ts';

/** An attempt that ended badly by its own doing. */
export interface BadEnd {
  /** The job's rules. */
  onError: RetryRule;
  onTimeout: RetryRule;
  /** What the attempt had asked for. */
  resources: Resources;
  outcome: 'failed' | 'timedOut';
  /** Null when a signal ended it, or when it could not be started. */
  exitCode: number | null;
  /** Attempts of the job that ended so before, this one not counted. */
  endedSoBefore: number;
  endedAt: Instant;
}

/** Whether the job gets another attempt, when and with what, and why. */
export type RetryDecision =
  | {
      retry: true;
      /** Null when it may start at once. */
      notBeforeAt: Instant | null;
      resources: Resources;
      reason: string;
    }
  | { retry: false; reason: string };

/**
 * Decides what follows a failed or timed-out attempt by the rule for it. Attempts that were lost,
 * preempted or released are no business of these rules.
 */
export function decideRetry(end: BadEnd): RetryDecision {
  const { outcome, exitCode, endedSoBefore, endedAt, resources } = end;
  const rule = outcome === 'failed' ? end.onError : end.onTimeout;
  const what = describeEnd(end);
  if (endedSoBefore >= rule.retries) {
    const after = rule.retries === 0 ? '' : ` after ${counted(rule.retries)}`;
    return { retry: false, reason: what + after };
  }
  // A program that was ended for its time has no exit code of its own.
  if (outcome === 'failed' && rule.exitCodes !== undefined) {
    if (exitCode === null || !rule.exitCodes.includes(exitCode)) {
      const codes = rule.exitCodes.join(', ');
      return { retry: false, reason: `${what}; only exit codes ${codes} are tried again` };
    }
  }
  const wait = Math.min(
    rule.delaySeconds * rule.backoffRate ** endedSoBefore,
    limits.retryDelaySeconds,
  );
  const given = Object.entries(rule.resources).filter(([, value]) => value !== undefined);
  const changes = given.map(([name, value]) => `${name} ${value}`);
  const parts = [
    `${what}; retry ${endedSoBefore + 1} of ${rule.retries}`,
    ...(wait > 0 ? [` after ${Number(wait.toFixed(1))} s`] : []),
    ...(changes.length > 0 ? [` with ${changes.join(', ')}`] : []),
  ];
  return {
    retry: true,
    notBeforeAt: wait > 0 ? addSeconds(endedAt, wait) : null,
    resources: { ...resources, ...(Object.fromEntries(given) as Partial<Resources>) },
    reason: parts.join(''),
  };
}

function describeEnd({ outcome, exitCode, resources }: BadEnd): string {
  if (outcome === 'timedOut') return `did not end within ${resources.walltimeSeconds} s`;
  return exitCode === null ? 'failed without an exit code' : `failed with exit code ${exitCode}`;
}

function counted(retries: number): string {
  return retries === 1 ? '1 retry' : `${retries} retries`;
}
