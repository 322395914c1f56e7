import { DomainError } from '@interpulse/domain/error.ts';
import { pause, retryPauses } from './retrying-fetch.ts';

/**
 * The answer to a question that the hub holds; asked again for as long as the hub is away.
 * @throws DomainError when the hub refuses.
 */
export async function askHeld<T>(ask: () => Promise<T>): Promise<T> {
  for (const pauseMilliseconds of retryPauses()) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof DomainError ? error.kind !== 'unavailable' : !isCut(error)) throw error;
    }
    await pause(pauseMilliseconds);
  }
  throw new RangeError('pauses never end');
}

/** What fetch throws when there was no answer, or only a part of one. */
function isCut(error: unknown): boolean {
  return error instanceof TypeError;
}
