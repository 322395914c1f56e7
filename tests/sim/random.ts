/** Chance that repeats: the same seed, the same numbers. */
export interface Random {
  /** Evenly in [0, 1). */
  uniform(): number;
  /** Of the standard normal distribution. */
  normal(): number;
  /** A whole number with this mean, of the Poisson distribution. */
  poisson(mean: number): number;
}

/** Mulberry32: small, quick, and good enough for arrivals and durations. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const poisson = (mean: number): number => {
    const limit = Math.exp(-mean);
    let product = uniform();
    let count = 0;
    for (; product > limit; count += 1) product *= uniform();
    return count;
  };
  return { uniform, normal, poisson };
}
