import { createHmac, timingSafeEqual } from 'node:crypto';
import { providerLimits } from './provider-limits.ts';

/** Header of a request to run: where the provider may say that there is news. */
export const callbackHeader = 'x-interpulse-callback';
/** Header beside it: the key with which it signs. */
export const callbackKeyHeader = 'x-interpulse-callback-key';
/** Header of a callback: `t=MILLISECONDS,v1=HEX`. */
export const signatureHeader = 'x-interpulse-signature';
/** Member of a provider's description that says that it calls back. */
export const callbackMember = 'interpulse_callbacks';
/** Value in that member. */
export const callbackScheme = 'hmac-sha256';

/** The signature of a callback's body, said at an instant (milliseconds since 1970). */
export function signCallback(key: string, body: string, milliseconds: number): string {
  return `t=${milliseconds},v1=${digest(key, body, milliseconds).toString('hex')}`;
}

/** When a callback was said; null when it is forged, or too old or too new. */
export function verifyCallback(
  key: string,
  body: string,
  signature: string,
  nowMilliseconds: number,
): number | null {
  const [, time = '', hex = ''] = /^t=(\d{1,15}),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (hex === '') return null;
  const milliseconds = Number(time);
  const given = Buffer.from(hex, 'hex');
  if (!timingSafeEqual(given, digest(key, body, milliseconds))) return null;
  const apart = Math.abs(nowMilliseconds - milliseconds) / 1000;
  return apart <= providerLimits.callbackClockSeconds ? milliseconds : null;
}

function digest(key: string, body: string, milliseconds: number): Buffer {
  return createHmac('sha256', key).update(`${milliseconds}.${body}`).digest();
}
