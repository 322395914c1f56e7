import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@interpulse/domain/error.ts';

/** Things of this installation: first where a checkout has them, then beside the bundle. */
const places = {
  hub: ['../../hub/src/main.ts', './hub/main.js'],
  agent: ['../../agent/src/main.ts', './agent/main.js'],
  portal: ['../../portal/dist/index.html', './portal/index.html'],
  flows: ['../../../flows', './flows'],
  examples: ['../../../examples', './examples'],
  /** The folder with the commands of the shipped analyses. */
  analyses: ['../../../packages/analysis/bin', './bin'],
} as const;

/** A part of the installation. */
export type Part = keyof typeof places;

/** The path of a part; undefined when it is not installed (or not built). */
export function findPart(part: Part): string | undefined {
  const paths = places[part].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return paths.find((path) => existsSync(path));
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
