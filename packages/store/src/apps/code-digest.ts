import { createHash } from 'node:crypto';
import type { App, AppCode } from '@interpulse/domain/app/app.ts';
import { appCodeAt, describeAppCode } from '@interpulse/domain/app/app-code.ts';

/** What sites allow an app's code by: the SHA-256 of its canonical text, `sha256:HEX`. */
export function codeDigest(code: AppCode): string {
  return `sha256:${createHash('sha256').update(describeAppCode(code)).digest('hex')}`;
}

/** The digests of an app's code: by site name where it has a variant, `*` for all other sites. */
export function appDigests(app: App): Record<string, string> {
  const names = Object.keys(app.variants);
  // No site has an empty name: what stands there is what runs where nothing else is said.
  const sites = names.map((name) => [name, codeDigest(appCodeAt(app, name))]);
  return Object.fromEntries([['*', codeDigest(appCodeAt(app, ''))], ...sites]);
}
