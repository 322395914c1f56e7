import { DomainError } from '@interpulse/domain/error.ts';
import { createClient, type ClientOptions, type InterpulseClient } from './create-client.ts';
import { retryingFetch } from './retrying-fetch.ts';

/** A client of the API, and where it goes. */
export interface ConnectedClient {
  client: InterpulseClient;
  baseUrl: string;
  token: string | undefined;
}

/**
 * Makes the typed client from what is given, else from the environment: INTERPULSE_HUB within a job
 * that may use the hub, else INTERPULSE_URL, with INTERPULSE_TOKEN. The token of the environment
 * only goes to the address of the environment.
 * @throws DomainError invalid, when no hub is named.
 */
export function connectClient(
  given: Partial<ClientOptions> = {},
  environment: Record<string, string | undefined> = processEnvironment(),
): ConnectedClient {
  const named = environment['INTERPULSE_HUB'] || environment['INTERPULSE_URL'] || undefined;
  const baseUrl = (given.baseUrl ?? named)?.replace(/\/+$/, '');
  if (baseUrl === undefined) {
    const hint = 'give baseUrl and token, or set INTERPULSE_URL and INTERPULSE_TOKEN';
    throw new DomainError('invalid', `no hub is known: ${hint}`);
  }
  const isOfEnvironment = named === undefined || named.replace(/\/+$/, '') === baseUrl;
  const spoken = isOfEnvironment ? environment['INTERPULSE_TOKEN'] || undefined : undefined;
  const token = given.token ?? spoken;
  const fetch = retryingFetch(given.fetch);
  return { client: createClient({ baseUrl, token, fetch }), baseUrl, token };
}

/** Empty in a browser. */
function processEnvironment(): Record<string, string | undefined> {
  return typeof process === 'undefined' ? {} : process.env;
}
