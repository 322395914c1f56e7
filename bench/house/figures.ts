/** Percentiles above the median come from at least a thousand samples. */
const samplesForTails = 1000;

/** The value below which a share of the samples lies; null where there are too few to say. */
export function percentile(samples: readonly number[], share: number): number | null {
  if (samples.length === 0 || (share > 0.9 && samples.length < samplesForTails)) return null;
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}

/** Prints rows of what, how much, and what was aimed at. */
export function printTable(rows: readonly [string, number | null, string][]): void {
  for (const [what, value, aim] of rows) {
    const figure = value === null ? 'not measured' : String(Math.round(value * 100) / 100);
    console.log(`${what.padEnd(52)} ${figure.padStart(12)}  ${aim}`);
  }
}
