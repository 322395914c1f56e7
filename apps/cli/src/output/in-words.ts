/** A value for people: text as it is, all else as JSON. */
export function inWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Names with their values: `sample=gold, energy=7.1`. */
export function pairsInWords(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${inWords(value)}`)
    .join(', ');
}
