/** Tags as typed, `name:value` with commas between; null where they are none. */
export function readTags(text: string): Record<string, string> | null {
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
  if (pairs.some((pair) => !/^[a-z0-9][a-z0-9._-]*:./.test(pair))) return null;
  return Object.fromEntries(
    pairs.map((pair) => {
      const colon = pair.indexOf(':');
      return [pair.slice(0, colon), pair.slice(colon + 1).trim()];
    }),
  );
}
