import { DomainError } from '@interpulse/domain/error.ts';

/**
 * Takes words together; when that fails, by halves, so that one that cannot be taken spoils no
 * other. Throws the last error in the end. Words must not depend on each other, and what was taken
 * must be gone when taking it has failed.
 */
export async function takeApart<T>(
  words: readonly T[],
  take: (words: readonly T[]) => Promise<void>,
): Promise<void> {
  try {
    await take(words);
    return;
  } catch (error) {
    // What is away for one is away for all.
    const isAway = error instanceof DomainError && error.kind === 'unavailable';
    if (isAway || words.length < 2) throw error;
  }
  const middle = Math.ceil(words.length / 2);
  const failed: unknown[] = [];
  for (const half of [words.slice(0, middle), words.slice(middle)]) {
    await takeApart(half, take).catch((error: unknown) => failed.push(error));
  }
  if (failed.length > 0) throw failed.at(-1);
}
