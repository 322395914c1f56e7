/** Positions in a path that a part of a pattern has reached. */
type Reached = readonly boolean[];

/**
 * True when a path matches a pattern: `*` stays within one name, `**` crosses folders, `?` is one
 * character of a name. Takes time in proportion to both lengths, whatever the pattern: patterns
 * come from people, and a regular expression could be made to run for hours. A folder's path may
 * end with `/`; the pattern need not say so.
 */
export function matchPath(pattern: string, path: string): boolean {
  const isFolder = path.length > 1 && path.endsWith('/');
  if (isFolder && !pattern.endsWith('/')) return matchPath(pattern, path.slice(0, -1));
  let reached: Reached = Array.from({ length: path.length + 1 }, (_, at) => at === 0);
  for (const [token] of pattern.matchAll(/\*\*\/?|[^]/g)) {
    reached = advance(token, path, reached);
    if (!reached.includes(true)) return false;
  }
  return reached[path.length] ?? false;
}

function advance(token: string, path: string, before: Reached): Reached {
  const after = before.map(() => false);
  let passed = false;
  for (let at = 0; at <= path.length; at += 1) {
    const last = path[at - 1];
    const here = before[at] ?? false;
    const grown = after[at - 1] ?? false;
    if (token === '**/') after[at] = here || (passed && last === '/');
    else if (token === '**') after[at] = here || grown;
    else if (token === '*') after[at] = here || (grown && last !== '/');
    else after[at] = (before[at - 1] ?? false) && (token === '?' ? last !== '/' : last === token);
    passed ||= here;
  }
  return after;
}
