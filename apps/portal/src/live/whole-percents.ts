/** Whole percentages that make up 100: what rounding takes goes to who lost most. */
export function wholePercents(shares: readonly number[]): number[] {
  const sum = shares.reduce((whole, share) => whole + share, 0);
  if (!(sum > 0)) return shares.map(() => 0);
  const exact = shares.map((share) => (share / sum) * 100);
  const percents = exact.map(Math.floor);
  const missing = 100 - percents.reduce((whole, each) => whole + each, 0);
  const byLoss = exact
    .map((value, index) => ({ index, loss: value - Math.floor(value) }))
    .toSorted((a, b) => b.loss - a.loss);
  for (const { index } of byLoss.slice(0, missing)) percents[index] = (percents[index] ?? 0) + 1;
  return percents;
}
