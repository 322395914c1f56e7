import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SourceOf } from '@interpulse/domain/trigger/trigger-source.ts';
import { drawRandom } from '../draw-random.ts';
import { makeSecret } from '../secret.ts';

/** What a webhook's sender signs, and how. */
export type WebhookScheme = SourceOf<'webhook'>['signs'];

/** A request to a webhook as it came in. */
export interface WebhookRequest {
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A delivery as its sender names it; nothing of it is believed before its signature is right. */
export interface ReadDelivery {
  /** What makes it another delivery than others. */
  id: string;
  /** Seconds since 1970; null where the scheme has none. */
  timestamp: string | null;
  /** The bytes that were signed. */
  signed: Buffer;
  /** Why it cannot be a delivery; null when it may be one. */
  problem: string | null;
}

/** Reads a delivery by the headers of its scheme. */
export function readDelivery(request: WebhookRequest, scheme: WebhookScheme): ReadDelivery {
  const { body } = request;
  if (scheme === 'body') {
    // What is not signed proves nothing: the body itself says which delivery it is.
    const id = createHmac('sha256', 'delivery').update(body).digest('hex');
    return { id, timestamp: null, signed: body, problem: null };
  }
  const { stamp, name } = headersOf[scheme];
  const timestamp = headerOf(request, stamp) ?? '';
  const id = headerOf(request, name) ?? '';
  const order = scheme === 'standard' ? [id, timestamp] : [timestamp, id];
  const signed = Buffer.concat([Buffer.from(`${order.join('.')}.`), body]);
  const isWhole = /^\d{1,12}$/.test(timestamp) && /^[\x21-\x7e]{1,200}$/.test(id);
  const problem = isWhole ? null : `it has no ${stamp} or ${name}`;
  return { id, timestamp, signed, problem };
}

/** Whether a delivery was signed with a secret. A wrong one takes as long as a right one. */
export function isSignature(
  secret: string,
  signed: Buffer,
  request: WebhookRequest,
  scheme: WebhookScheme,
): boolean {
  const expected = createHmac('sha256', keyOf(secret, scheme)).update(signed).digest();
  // Beside the new signature there may be one with the secret before.
  const given = scheme === 'standard' ? standardSignatures(request) : [hubSignature(request)];
  return given.map((each) => isSame(expected, each)).includes(true);
}

/** A new secret of 256 bits, in the form that senders of the scheme want. */
export function makeWebhookSecret(scheme: WebhookScheme): string {
  if (scheme !== 'standard') return makeSecret('iphook');
  return `${standardPrefix}${drawRandom(32).toString('base64')}`;
}

/** Why a secret that a sender made is none of the scheme; null when it is one. */
export function secretProblem(secret: string, scheme: WebhookScheme): string | null {
  if (scheme !== 'standard') {
    return /^[\x21-\x7e]{16,200}$/.test(secret) ? null : 'it has 16 to 200 letters, and no space';
  }
  const bytes = keyOf(secret, scheme).length;
  const isForm = /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret);
  return isForm && bytes >= 24 && bytes <= 64 ? null : 'it is whsec_ and 24 to 64 bytes in base64';
}

const standardPrefix = 'whsec_';
const headersOf = {
  delivery: { stamp: 'x-interpulse-timestamp', name: 'x-interpulse-delivery' },
  standard: { stamp: 'webhook-timestamp', name: 'webhook-id' },
} as const;

function keyOf(secret: string, scheme: WebhookScheme): Buffer {
  const isCoded = scheme === 'standard' && secret.startsWith(standardPrefix);
  return isCoded ? Buffer.from(secret.slice(standardPrefix.length), 'base64') : Buffer.from(secret);
}

function hubSignature(request: WebhookRequest): Buffer {
  const given = headerOf(request, 'x-hub-signature-256') ?? '';
  return Buffer.from(/^sha256=([0-9a-f]{64})$/i.exec(given)?.[1] ?? '', 'hex');
}

function standardSignatures(request: WebhookRequest): Buffer[] {
  const given = (headerOf(request, 'webhook-signature') ?? '').slice(0, 2000).split(' ');
  return given.map((each) =>
    Buffer.from(/^v1,([A-Za-z0-9+/]{43}=)$/.exec(each)?.[1] ?? '', 'base64'),
  );
}

function isSame(expected: Buffer, given: Buffer): boolean {
  const isWhole = given.length === expected.length;
  return timingSafeEqual(expected, isWhole ? given : Buffer.alloc(expected.length)) && isWhole;
}

/** A header's text, of several the values with commas between. */
export function headerOf({ headers }: WebhookRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
