/** The tags of a query, written as `key:value,key:value`; undefined asks for none. */
export function tagsOf(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const pairs = text.split(',').map((tag): [string, string] => {
    const colon = tag.indexOf(':');
    return [tag.slice(0, colon), tag.slice(colon + 1)];
  });
  return Object.fromEntries(pairs);
}
