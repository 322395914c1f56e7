import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@interpulse/domain/error.ts';

/**
 * Things of this installation. `npm run package` rewrites these addresses to where they lie in an
 * installed copy, so each is plain text.
 */
const places = {
  hub: new URL('../../hub/src/main.ts', import.meta.url),
  agent: new URL('../../agent/src/main.ts', import.meta.url),
  portal: new URL('../../portal/dist/index.html', import.meta.url),
  flows: new URL('../../../flows', import.meta.url),
  examples: new URL('../../../examples', import.meta.url),
  /** The folder with the commands of the shipped analyses. */
  analyses: new URL('../../../packages/analysis/bin', import.meta.url),
} as const;

/** A part of the installation. */
export type Part = keyof typeof places;

/** The path of a part; undefined when it is not installed (or not built). */
export function findPart(part: Part): string | undefined {
  const path = fileURLToPath(places[part]);
  return existsSync(path) ? path : undefined;
}

/** The path of a part. @throws DomainError unavailable, when it is missing. */
export function partPath(part: Part): string {
  const path = findPart(part);
  if (path !== undefined) return path;
  throw new DomainError(
    'unavailable',
    `the ${part} of this installation is missing: install again`,
  );
}
