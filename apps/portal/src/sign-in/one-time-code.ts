/**
 * Takes a one-time code out of the address (`#code=…`) and removes it there, so that it is neither
 * bookmarked nor shown. Null when there is none.
 */
export function takeOneTimeCode(): string | null {
  const code = new URLSearchParams(window.location.hash.slice(1)).get('code');
  if (code === null) return null;
  window.history.replaceState(null, '', window.location.pathname + window.location.search);
  return code;
}
