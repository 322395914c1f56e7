import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again (every 10 ms, for 10 s at most) until the answer is not undefined. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await delay(10);
  }
  throw new Error(`waited 10 s in vain for: ${what}`);
}
