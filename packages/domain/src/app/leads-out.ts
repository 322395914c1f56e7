/**
 * Whether the path of an output would be looked for outside of the work directory: `/etc/passwd`,
 * `../secret`. What links do is seen where they are.
 */
export function leadsOut(path: string): boolean {
  return path.startsWith('/') || path.includes('\0') || path.split('/').includes('..');
}

/** What people are told of such a path. */
export const leadsOutText =
  'its path leads out of the work directory; name files relative to it, without ".."';
