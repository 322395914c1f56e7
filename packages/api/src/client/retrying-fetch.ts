/** How a request is sent. */
export type Fetch = (request: Request) => Promise<Response>;

const tryAgainStatuses = new Set([502, 503, 504]);
const pauses = { firstMilliseconds: 100, mostMilliseconds: 5_000 };

/** Pauses that double up to a limit; up to half is taken off so that clients spread out. */
export function* retryPauses(): Generator<number, never> {
  let longest: number = pauses.firstMilliseconds;
  for (;;) {
    yield longest * (1 - Math.random() / 2);
    longest = Math.min(longest * 2, pauses.mostMilliseconds);
  }
}

/** Waits; ends early when the signal aborts. */
export async function pause(milliseconds: number, signal?: AbortSignal | null): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

/**
 * A fetch that tries again, for a while, what is harmless to repeat: reads, replacements, and what
 * carries an Idempotency-Key. Everything else fails with its first cut.
 */
export function retryingFetch(
  send: Fetch = (request) => fetch(request),
  patienceMilliseconds = 30_000,
): Fetch {
  return async (request) => {
    const endMs = Date.now() + patienceMilliseconds;
    for (const pauseMs of retryPauses()) {
      const outcome = await send(request.clone()).catch((error: unknown) => ({ error }));
      const isAnswer = outcome instanceof Response;
      const mayHelp = isAnswer ? tryAgainStatuses.has(outcome.status) : !request.signal.aborted;
      if (!mayHelp || !isRepeatable(request) || Date.now() + pauseMs > endMs) {
        if (isAnswer) return outcome;
        throw outcome.error;
      }
      await pause(pauseMs, request.signal);
    }
    throw new Error('unreachable: pauses have no end');
  };
}

function isRepeatable({ method, headers }: Request): boolean {
  return ['GET', 'PUT', 'DELETE'].includes(method) || headers.has('idempotency-key');
}
