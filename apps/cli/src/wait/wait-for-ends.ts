import { askHeld } from '@interpulse/api/client/ask-held.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Context } from '../context.ts';
import { createProgressLine } from '../output/progress-bar.ts';
import { duration } from '../output/quantities.ts';
import { wholeSeconds } from '../read-time.ts';

/** Exit code of a wait whose time is over before all have ended. */
const timeIsOver = 6;

/** What is waited for, and how its end is told. */
export interface Waiting<T> {
  /** Holds until one of them has ended, at most so long; those that have. */
  ask(ids: string[], waitSeconds: number): Promise<T[]>;
  isGood(ended: T): boolean;
  /** One line for people. */
  say(ended: T): string;
}

/**
 * Tells each end as it comes; exit code 1 unless all were good, 6 when `timeout` is over before.
 * @throws DomainError when the hub refuses, not when it is away for a while.
 */
export async function waitForEnds<T extends { id: string }>(
  context: Context,
  ids: readonly string[],
  { ask, isGood, say }: Waiting<T>,
  { timeout }: { timeout?: string | undefined } = {},
): Promise<void> {
  const line = createProgressLine(context.out);
  const seconds = timeout === undefined ? Infinity : wholeSeconds(timeout);
  const until = Date.now() + seconds * 1000;
  const open = new Set(ids);
  const total = open.size;
  let isFirst = true;
  while (open.size > 0) {
    line.show(`  ${total - open.size} of ${total} have ended`);
    const asked = [...open].slice(0, limits.jobsPerWait);
    const left = Math.max(0, (until - Date.now()) / 1000);
    const question = (): Promise<T[]> => ask(asked, Math.min(left, limits.jobWaitSeconds));
    // The first one says whether there is such a hub; after it a wait outlives the hub's restart.
    const ended = isFirst ? await question() : await askHeld(question);
    isFirst = false;
    line.clear();
    for (const each of ended) {
      open.delete(each.id);
      if (!isGood(each)) process.exitCode = 1;
      context.out.item(each, () => say(each));
    }
    if (open.size === 0 || Date.now() < until) continue;
    context.out.note(`${open.size} of ${total} have not ended after ${duration(seconds)}`);
    process.exitCode = timeIsOver;
    return;
  }
}
