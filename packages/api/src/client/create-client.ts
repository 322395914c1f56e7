import createOpenApiClient, { type Client } from 'openapi-fetch';
import { DomainError, errorKinds, type ErrorKind } from '@interpulse/domain/error.ts';
import type { components, paths } from './schema.ts';

/** Named schemas of the document, for those who hold an answer. */
export type Schemas = components['schemas'];

/** The typed client: `client.GET('/api/v1/jobs', { params: { query: { state: 'open' } } })`. */
export type InterpulseClient = Client<paths>;

/** Where the hub is, and who asks; a browser sends its cookie instead of a token. */
export interface ClientOptions {
  baseUrl: string;
  token?: string | undefined;
  fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/** Makes the typed client of the API. */
export function createClient(options: ClientOptions): InterpulseClient {
  return createOpenApiClient<paths>({
    baseUrl: options.baseUrl,
    ...(options.fetch ? { fetch: options.fetch } : {}),
    ...(options.token ? { headers: { authorization: `Bearer ${options.token}` } } : {}),
  });
}

/** What openapi-fetch answers. */
interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The data of an answer.
 * @throws DomainError of the problem's kind, with its detail and faults.
 */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (response.ok) return data as T;
  throw problemToError(error, response.status);
}

/** Turns a problem document back into the error it was. */
export function problemToError(problem: unknown, status: number): DomainError {
  const fields = (typeof problem === 'object' && problem !== null ? problem : {}) as Partial<
    Schemas['Problem']
  >;
  const named = fields.type?.split('/').at(-1) as ErrorKind | undefined;
  const kind = named && errorKinds.includes(named) ? named : kindOfStatus(status);
  const detail = fields.detail ?? `the hub answered ${status} without saying why`;
  return new DomainError(kind, detail, { faults: fields.errors ?? [] });
}

function kindOfStatus(status: number): ErrorKind {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'notFound';
  if (status === 409) return 'conflict';
  if (status === 429) return 'exhausted';
  return status >= 500 ? 'unavailable' : 'invalid';
}
