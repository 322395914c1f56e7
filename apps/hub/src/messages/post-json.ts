import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { isPassingTrouble } from '../is-passing-trouble.ts';

/** What is posted, and to whom. */
export interface Posting {
  url: URL;
  body: string;
  headers: Record<string, string>;
  signal: AbortSignal;
}

/**
 * Posts JSON and gives the status, 2xx. Errors name the host only: an address may be a secret.
 *
 * @throws DomainError `unavailable` when it may work later, else `invalid`. Redirections are not
 * followed: they would lead past the allowed hosts.
 */
export async function postJson({ url, body, headers, signal }: Posting): Promise<number> {
  const timeout = AbortSignal.timeout(limits.messageSeconds * 1000);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new DomainError('unavailable', `${url.host} does not answer`, { cause });
  }
  await response.body?.cancel();
  const { status } = response;
  if (status >= 200 && status < 300) return status;
  const kind = isPassingTrouble(status) ? 'unavailable' : 'invalid';
  throw new DomainError(kind, `${url.host} answered ${status}`);
}
