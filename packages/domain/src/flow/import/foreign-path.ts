/**
 * A path of Globus, from the root of our collection: `/~/`, where people begin there, is the root.
 * Null for the home of another user (`/~name/`), and for paths that go up.
 */
export function foreignPath(path: string): string | null {
  const rooted = path.startsWith('/') ? path : `/${path}`;
  const rest = rooted.replace(/^\/~(?=\/|$)/, '').replace(/\/{2,}/g, '/');
  if (rest.startsWith('/~')) return null;
  const parts = rest.split('/').filter((part, index) => part !== '.' || index === 0);
  if (parts.includes('..')) return null;
  return parts.join('/') || '/';
}
