const everyMilliseconds = 50;

/**
 * Waits until something holds, and answers it; asked again and again, for conditions that nothing
 * announces. Throws with `what` and the last error when it takes too long.
 */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined | false | null>,
): Promise<T> {
  const endAt = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false && answer !== null) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > endAt) {
      throw new Error(`waited ${seconds} s for ${what}`, last === undefined ? {} : { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMilliseconds));
  }
}
