import { limits } from '@interpulse/domain/limits.ts';
import { secondsBetween } from '@interpulse/domain/time.ts';
import { bringInstantsBack, lastNotedAt } from '@interpulse/store/bring-instants-back.ts';
import { topics, type Hub } from '../hub.ts';

/**
 * Notices that the hub's clock was set, also while no hub was at work, by the clock that only goes
 * forward. What waits for an instant of a clock that was set back would wait for as long again.
 */
export function createClockWatch(
  hub: Hub,
  steadyMilliseconds: () => number = () => performance.now(),
): () => Promise<void> {
  let seen: { at: string; steadyMs: number } | null = null;

  return async () => {
    // Before the clocks are looked at: the answer may be late, and other hubs go on noting.
    const noted = seen === null ? await lastNotedAt(hub.db) : null;
    const now = hub.now();
    const steadyMs = steadyMilliseconds();
    const seconds =
      seen !== null
        ? (steadyMs - seen.steadyMs) / 1000 - secondsBetween(seen.at, now)
        : Math.max(0, secondsBetween(now, noted ?? now));
    if (Math.abs(seconds) >= limits.clockStepSeconds) {
      if (seconds > 0) await hub.transaction((tx) => bringInstantsBack(tx, { now, seconds }));
      hub.log.warn({ seconds: -seconds }, 'the clock of the hub was set');
      const { actions, triggers, queuedJobs, transfers, flowTimers, webInputs } = topics;
      hub.db.announce([actions, triggers, queuedJobs, transfers, flowTimers, webInputs]);
    }
    seen = { at: now, steadyMs };
  };
}
