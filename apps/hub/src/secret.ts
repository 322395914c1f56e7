import { createHash } from 'node:crypto';
import { drawRandom } from './draw-random.ts';

/** Makes a secret of 256 random bits with a prefix that says what it is (`ip_…`). */
export function makeSecret(prefix: string): string {
  return `${prefix}_${drawRandom(32).toString('base64url')}`;
}

/** The SHA-256 of a secret: all that is kept of it. It is random, so no salt is needed. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
