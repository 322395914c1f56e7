import { pilotLimits } from '../pilot-limits.ts';
import type { ProcessUsage } from './spawner-messages.ts';
import { sampleSessions } from './sample-sessions.ts';

interface Watched {
  sinceMs: number;
  nextAtMs: number;
  memoryBytes: number | null;
  cpuSeconds: number | null;
}

/** How often it is seen whether a sample is due, in milliseconds. */
const tickMs = 100;

/**
 * Samples what sessions use while they last: the sum over all their processes, which no account of
 * the system gives, and which stands in where there is none. Tasks that end at once cost nothing.
 */
export class UsageWatch {
  readonly #watched = new Map<number, Watched>();
  #timer: NodeJS.Timeout | null = null;

  /** A session began, with the process of the same number. */
  add(session: number): void {
    const sinceMs = performance.now();
    const nothing = { memoryBytes: null, cpuSeconds: null };
    this.#watched.set(session, { sinceMs, nextAtMs: sinceMs + tickMs, ...nothing });
    this.#timer ??= setInterval(() => this.#look(), tickMs);
  }

  /** The session's first process has ended: what was seen of it. */
  take(session: number): ProcessUsage {
    const seen = this.#watched.get(session);
    this.#watched.delete(session);
    if (this.#watched.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
    return {
      cpuSeconds: seen?.cpuSeconds ?? null,
      peakMemoryBytes: seen?.memoryBytes ?? null,
    };
  }

  #look(): void {
    const now = performance.now();
    if (![...this.#watched.values()].some(({ nextAtMs }) => nextAtMs <= now)) return;
    const samples = sampleSessions();
    for (const [session, watched] of this.#watched) {
      const sample = samples.get(session);
      if (sample === undefined) continue;
      watched.memoryBytes = Math.max(watched.memoryBytes ?? 0, sample.memoryBytes);
      watched.cpuSeconds = Math.max(watched.cpuSeconds ?? 0, sample.cpuSeconds);
      // More often while it is young: most programs take their memory early.
      watched.nextAtMs = now + Math.min(now - watched.sinceMs, pilotLimits.usageSampleMs);
    }
  }
}
