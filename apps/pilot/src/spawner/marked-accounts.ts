import { pilotLimits } from '../pilot-limits.ts';
import { findMarked } from './find-marked.ts';
import { sampleProcess } from './sample-sessions.ts';
import type { ProcessUsage } from './spawner-messages.ts';

interface Account extends ProcessUsage {
  words: readonly string[];
}

/**
 * What the ranks of tasks use on this node: a launcher has started them, so that they are nobody's
 * children here. They are known by their environment, and sampled.
 */
export class MarkedAccounts {
  readonly #accounts = new Map<number, Account>();
  #timer: NodeJS.Timeout | null = null;

  open(id: number, words: readonly string[]): void {
    this.#accounts.set(id, { words, cpuSeconds: null, peakMemoryBytes: null });
    this.#timer ??= setInterval(() => this.#look(), pilotLimits.usageSampleMs / 2);
  }

  /** Everything null where nothing was seen. */
  close(id: number): ProcessUsage {
    const account = this.#accounts.get(id);
    this.#accounts.delete(id);
    if (this.#accounts.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
    const { cpuSeconds = null, peakMemoryBytes = null } = account ?? {};
    return { cpuSeconds, peakMemoryBytes };
  }

  #look(): void {
    for (const account of this.#accounts.values()) {
      const samples = findMarked(account.words)
        .map(sampleProcess)
        .filter((sample) => sample !== null);
      if (samples.length === 0) continue;
      const cpuSeconds = samples.reduce((sum, sample) => sum + sample.cpuSeconds, 0);
      const memoryBytes = samples.reduce((sum, sample) => sum + sample.memoryBytes, 0);
      account.cpuSeconds = Math.max(account.cpuSeconds ?? 0, cpuSeconds);
      account.peakMemoryBytes = Math.max(account.peakMemoryBytes ?? 0, memoryBytes);
    }
  }
}
