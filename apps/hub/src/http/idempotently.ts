import { createHash } from 'node:crypto';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { findIdempotentAnswer, keepIdempotentAnswer } from '@interpulse/store/access/secrets.ts';
import type { HubTransaction } from '../hub.ts';
import type { Call } from './handler.ts';

/**
 * Runs a submission in a transaction. With an `Idempotency-Key` a repeat of the same request
 * answers what the first one did, and does nothing.
 * @throws DomainError conflict, when the key was used for another request.
 */
export async function idempotently<T>(
  { hub, who, request }: Call,
  body: unknown,
  work: (tx: HubTransaction) => Promise<T>,
): Promise<T> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return hub.transaction(work);
  if (typeof key !== 'string' || key.length === 0 || key.length > 200) {
    throw new DomainError('invalid', 'an Idempotency-Key has 1 to 200 characters');
  }
  const requestHash = createHash('sha256')
    .update(`${request.method} ${request.routeOptions.url ?? ''} ${JSON.stringify(body)}`)
    .digest();
  // The attempts of a job say the same again, and not what its owner says.
  const speaker = who.jobId ?? who.id;
  return hub.transaction(async (tx) => {
    const since = addSeconds(hub.now(), -limits.idempotencySeconds);
    const known = await findIdempotentAnswer(tx, speaker, key, since);
    if (known && !known.requestHash.equals(requestHash)) {
      const message = `the Idempotency-Key "${key}" was used for another request; take a new one`;
      throw new DomainError('conflict', message);
    }
    if (known) return known.answer as T;
    const answer = await work(tx);
    const kept = { requestHash, status: 201, answer };
    await keepIdempotentAnswer(tx, speaker, key, kept, hub.now());
    return answer;
  });
}
