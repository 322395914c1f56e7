import { posix } from 'node:path';

import { placeInPackage } from './contents.ts';

const locatedUrl =
  /new URL\(\s*(?<quote>['"`])(?<target>[^'"`]+)\k<quote>,\s*import\.meta\.url,?\s*\)/g;
const installedPackage = /import\.meta\.resolve\(/g;

/**
 * Rewrites each `new URL('...', import.meta.url)` of a module to where its target lies in the
 * package, as seen from `lib/`.
 * @param path of the module, from the root of the checkout.
 * @throws Error for a target that the package does not have, and for any other use of the
 * module's own place, which would be wrong in a bundle.
 */
export function placeUrls(path: string, text: string): string {
  const placed = text.replaceAll(locatedUrl, (_, __, target: string) => {
    const place = placeInPackage(posix.join(posix.dirname(path), target));
    return `new URL('../${place}', import.meta.url)`;
  });
  const rest = placed
    .replaceAll(/new URL\('\.\.\/[^']*', import\.meta\.url\)/g, '')
    .replaceAll(installedPackage, '');
  if (rest.includes('import.meta.')) {
    throw new Error(
      `${path} asks for its own place in a way that a bundle cannot follow; ` +
        `write new URL('...', import.meta.url) with the path as plain text`,
    );
  }
  return placed;
}
