/**
 * Pseudo-random numbers that repeat exactly for a seed: xoshiro128++ (Blackman and Vigna, ACM
 * Trans. Math. Softw. 47 (2021) 36), seeded by splitmix32.
 */
export class RandomSource {
  readonly #state: Int32Array;
  #spare = Number.NaN;

  constructor(seed: number) {
    let mixed = seed | 0;
    this.#state = Int32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) | 0;
      let value = mixed ^ (mixed >>> 16);
      value = Math.imul(value, 0x21f0aaad);
      value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
      return value ^ (value >>> 15);
    });
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    const state = this.#state;
    const s0 = state[0]!;
    const s1 = state[1]!;
    const s2 = state[2]!;
    const s3 = state[3]!;
    const sum = (s0 + s3) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
    const mixed2 = s2 ^ s0;
    const mixed3 = s3 ^ s1;
    state[1] = s1 ^ mixed2;
    state[0] = s0 ^ mixed3;
    state[2] = mixed2 ^ (s1 << 9);
    state[3] = (mixed3 << 11) | (mixed3 >>> 21);
    return result;
  }

  /** Uniform in (0, 1); never exactly 0 or 1. */
  uniform(): number {
    return (this.uint32() + 0.5) / 4294967296;
  }

  /** Normal with mean 0 and variance 1, by Marsaglia's polar method. */
  gaussian(): number {
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare;
      this.#spare = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * scale;
      return x * scale;
    }
  }

  /** A Poisson count: by multiplication for small means, by Hoermann's PTRS (1993) above 10. */
  poisson(mean: number): number {
    if (!(mean > 0)) return 0;
    if (mean < 10) {
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = this.uniform(); product > limit; product *= this.uniform()) count += 1;
      return count;
    }
    return this.#poissonByRejection(mean);
  }

  #poissonByRejection(mean: number): number {
    const b = 0.931 + 2.53 * Math.sqrt(mean);
    const a = -0.059 + 0.02483 * b;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const certain = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const distance = 0.5 - Math.abs(u);
      const count = Math.floor(((2 * a) / distance + b) * u + mean + 0.43);
      if (distance >= 0.07 && v <= certain) return count;
      if (count < 0 || (distance < 0.013 && v > distance)) continue;
      const left = Math.log((v * inverseAlpha) / (a / (distance * distance) + b));
      if (left <= count * Math.log(mean) - mean - logFactorial(count)) return count;
    }
  }
}

/** ln k!, by Stirling's series; better than 1e-8 from k = 1 on. */
function logFactorial(count: number): number {
  if (count < 2) return 0;
  const x = count + 1;
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}
