import { createClient, type InterpulseClient } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Connection } from './connection.ts';

/**
 * The typed client of a hub; what does not reach it is a DomainError `unavailable`. A `signal` ends
 * all that it asks.
 */
export function connect(
  connection: Pick<Connection, 'url' | 'token'>,
  signal?: AbortSignal,
): InterpulseClient {
  return createClient({
    baseUrl: connection.url,
    token: connection.token,
    fetch: (request) => fetchFrom(connection.url, request, signal && { signal }),
  });
}

/** Fetches, and says in one line when the hub cannot be reached. */
export async function fetchFrom(
  url: string,
  request: Request | string,
  init?: RequestInit,
): Promise<Response> {
  try {
    return await fetch(request, init);
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError') throw cause;
    throw new DomainError('unavailable', `cannot reach the hub at ${url}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  ECONNRESET: 'it broke the connection',
  UND_ERR_SOCKET: 'it broke the connection',
};

function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (!(inner instanceof Error)) return String(inner);
  const code = 'code' in inner ? String(inner.code) : '';
  return reasons[code] ?? (inner.message || code);
}
