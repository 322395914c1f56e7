import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './start-child.ts';

/** What to do when a program ends by itself. */
export interface KeepOptions {
  /** Starts it; settles when it is ready, fails when it cannot. */
  start: () => Promise<Child>;
  /** Told what happened, in a sentence. */
  say: (text: string) => void;
  /** Called once when starting again is no use. */
  onGivenUp: (reason: string) => void;
  /** The pause before the first new start; doubled after each crash. */
  backoffMilliseconds?: number;
  /** Who has run this long is healthy again. */
  healthyMilliseconds?: number;
}

/** A program that is kept running. */
export interface Kept {
  readonly child: Child;
  stop(): Promise<void>;
  kill(): void;
}

const mostCrashes = 3;

/**
 * Starts a program and starts it again when it ends by itself, with a growing pause; gives up
 * after three crashes in a row.
 * @throws what the first start throws.
 */
export async function keepRunning(options: KeepOptions): Promise<Kept> {
  const { backoffMilliseconds = 1000, healthyMilliseconds = 60_000 } = options;
  const stopping = new AbortController();
  let child = await options.start();
  const keep = async (): Promise<void> => {
    let crashes = 0;
    let startedAt = Date.now();
    while (!stopping.signal.aborted) {
      const { code, signal } = await child.ended;
      if (stopping.signal.aborted) return;
      crashes = Date.now() - startedAt > healthyMilliseconds ? 1 : crashes + 1;
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      if (crashes >= mostCrashes) {
        options.onGivenUp(`${child.name} ended ${how}, ${crashes} times in a row`);
        return;
      }
      options.say(`${child.name} ended ${how}; it is started again`);
      await delay(backoffMilliseconds * 2 ** (crashes - 1), undefined, {
        signal: stopping.signal,
      }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      startedAt = Date.now();
      try {
        child = await options.start();
      } catch (error) {
        // The next round sees an ended child and counts it.
        options.say(`${child.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  const kept = keep();
  return {
    get child() {
      return child;
    },
    async stop() {
      stopping.abort();
      await child.stop();
      await kept;
      // It may have been started anew in the meantime.
      await child.stop();
    },
    kill: () => child.kill(),
  };
}
