import { DomainError } from '@interpulse/domain/error.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { mendJson } from '@interpulse/domain/mend-json.ts';
import { providerLimits } from './provider-limits.ts';

/** A request to a provider. */
export interface ProviderRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  /** At most one of these. */
  body?: JsonObject;
  form?: string;
  seconds: number;
  signal: AbortSignal;
}

/** What a provider answered; `json` is undefined when it is no JSON object. */
export interface ProviderAnswer {
  status: number;
  json: JsonObject | undefined;
  /** What the answer says, shortened, for people. */
  words: string;
  /** How long it wants to be left alone; null when it does not say. */
  retryAfterSeconds: number | null;
  headers: Headers;
}

/**
 * Asks a provider. Redirections are not followed, so no token goes where nobody meant it to.
 * @throws DomainError unavailable when nobody answers in time; exhausted for too large an answer.
 */
export async function askProvider(request: ProviderRequest): Promise<ProviderAnswer> {
  const { method, url, body, seconds } = request;
  const host = new URL(url).host;
  const late = AbortSignal.timeout(seconds * 1000);
  const headers = { accept: 'application/json', ...request.headers };
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([late, request.signal]),
      headers: { ...headers, ...typeOf(request) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(request.form === undefined ? {} : { body: request.form }),
    });
    return answerOf(response, await textOf(response, host));
  } catch (error) {
    if (error instanceof DomainError) throw error;
    if (request.signal.aborted) throw error;
    const why = late.aborted
      ? `did not answer within ${seconds} s`
      : `cannot be reached: ${codeOf(error)}`;
    throw new DomainError('unavailable', `the provider at ${host} ${why}`, { cause: error });
  }
}

function typeOf({ body, form }: ProviderRequest): Record<string, string> {
  if (form !== undefined) return { 'content-type': 'application/x-www-form-urlencoded' };
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

async function textOf(response: Response, host: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > providerLimits.answerBytes) {
      const most = `${providerLimits.answerBytes} bytes that it may`;
      throw new DomainError('exhausted', `the provider at ${host} answers more than the ${most}`);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function answerOf(response: Response, text: string): ProviderAnswer {
  const { status, headers } = response;
  const json = parse(text);
  const said = json === undefined ? text : wordsOf(json);
  const words = said.replaceAll(/\s+/g, ' ').trim().slice(0, providerLimits.wordsCharacters);
  return { status, json, words, headers, retryAfterSeconds: retryAfterOf(headers) };
}

function parse(text: string): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(text);
    // What could not be stored would leave its flow run waiting for ever.
    return isJsonObject(json) ? mendJson(json) : undefined;
  } catch {
    return undefined;
  }
}

/** The sentence in an error's document, in the forms that providers use. */
function wordsOf(json: JsonObject): string {
  const inner = isJsonObject(json['error']) ? json['error'] : {};
  const said = [
    json['detail'],
    json['description'],
    json['message'],
    inner['detail'],
    inner['message'],
    json['error'],
  ].find((text) => typeof text === 'string' && text !== '');
  return typeof said === 'string' ? said : JSON.stringify(json);
}

function retryAfterOf(headers: Headers): number | null {
  const text = headers.get('retry-after');
  if (text === null) return null;
  const at = Date.parse(text);
  const seconds = /^\d+$/.test(text) ? Number(text) : (at - Date.now()) / 1000;
  if (!Number.isFinite(seconds)) return null;
  return Math.min(providerLimits.retryAfterSeconds, Math.max(0, seconds));
}

/** `fetch` says only "fetch failed"; the cause has the word that helps. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = isCoded(cause) ? cause.code : undefined;
  return code ?? (error instanceof Error ? error.message : String(error));
}

function isCoded(value: unknown): value is { code: string } {
  return typeof value === 'object' && value !== null && 'code' in value;
}
