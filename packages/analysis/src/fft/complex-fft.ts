import FFT from 'fft.js';

/** A transform of one length, with its tables; not shared between threads. */
export interface ComplexFft {
  /** Number of complex samples. */
  readonly length: number;
  /**
   * X[k] = Σ x[n]·exp(-2πi·kn/length), not scaled. `input` and `output` are complex[length],
   * real and imaginary parts interleaved, and must be two arrays.
   */
  forward(output: Float64Array, input: Float64Array): void;
  /** x[n] = (1/length)·Σ X[k]·exp(+2πi·kn/length): undoes {@link ComplexFft.forward}. */
  inverse(output: Float64Array, input: Float64Array): void;
}

/** Bluestein: any length as a circular convolution of a power of two, IEEE TAU 18 (1970) 451. */
class ChirpFft implements ComplexFft {
  readonly length: number;
  readonly #inner: ComplexFft;
  readonly #chirp: Float64Array;
  readonly #kernel: Float64Array;
  readonly #a: Float64Array;
  readonly #b: Float64Array;

  constructor(length: number) {
    this.length = length;
    const inner = nextPowerOfTwo(2 * length - 1);
    this.#inner = createComplexFft(inner);
    this.#chirp = new Float64Array(2 * length);
    this.#a = new Float64Array(2 * inner);
    this.#b = new Float64Array(2 * inner);
    this.#kernel = new Float64Array(2 * inner);
    for (let n = 0; n < length; n += 1) {
      // n² modulo 2·length keeps the angle small, so that long transforms stay exact.
      const angle = (Math.PI * ((n * n) % (2 * length))) / length;
      this.#chirp[2 * n] = Math.cos(angle);
      this.#chirp[2 * n + 1] = -Math.sin(angle);
      for (const at of n === 0 ? [0] : [n, inner - n]) {
        this.#b[2 * at] = Math.cos(angle);
        this.#b[2 * at + 1] = Math.sin(angle);
      }
    }
    this.#inner.forward(this.#kernel, this.#b);
  }

  forward(output: Float64Array, input: Float64Array): void {
    const [a, b, chirp, kernel] = [this.#a, this.#b, this.#chirp, this.#kernel];
    a.fill(0);
    for (let n = 0; n < 2 * this.length; n += 2) multiply(a, n, input, n, chirp, n);
    this.#inner.forward(b, a);
    for (let n = 0; n < b.length; n += 2) multiply(b, n, b, n, kernel, n);
    this.#inner.inverse(a, b);
    for (let n = 0; n < 2 * this.length; n += 2) multiply(output, n, a, n, chirp, n);
  }

  inverse(output: Float64Array, input: Float64Array): void {
    const swapped = new Float64Array(2 * this.length);
    for (let n = 0; n < swapped.length; n += 2) {
      swapped[n] = input[n]!;
      swapped[n + 1] = -input[n + 1]!;
    }
    this.forward(output, swapped);
    for (let n = 0; n < swapped.length; n += 2) {
      output[n] = output[n]! / this.length;
      output[n + 1] = -output[n + 1]! / this.length;
    }
  }
}

/** out[o] = x[i]·y[j] for complex numbers at even positions. */
function multiply(
  out: Float64Array,
  o: number,
  x: Float64Array,
  i: number,
  y: Float64Array,
  j: number,
): void {
  const re = x[i]! * y[j]! - x[i + 1]! * y[j + 1]!;
  const im = x[i]! * y[j + 1]! + x[i + 1]! * y[j]!;
  out[o] = re;
  out[o + 1] = im;
}

class PowerOfTwoFft implements ComplexFft {
  readonly length: number;
  readonly #fft: FFT;

  constructor(length: number) {
    this.length = length;
    this.#fft = new FFT(length);
  }

  forward(output: Float64Array, input: Float64Array): void {
    this.#fft.transform(output, input);
  }

  inverse(output: Float64Array, input: Float64Array): void {
    this.#fft.inverseTransform(output, input);
  }
}

class SingleSample implements ComplexFft {
  readonly length = 1;

  forward(output: Float64Array, input: Float64Array): void {
    output[0] = input[0]!;
    output[1] = input[1]!;
  }

  inverse(output: Float64Array, input: Float64Array): void {
    this.forward(output, input);
  }
}

/** The smallest power of two that is not below `value` (a positive number). */
export function nextPowerOfTwo(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  return power;
}

/**
 * A complex Fourier transform of any length: radix 4 for powers of two, Bluestein's for the rest
 * (about six times the cost).
 *
 * @throws RangeError when the length is not a positive integer.
 */
export function createComplexFft(length: number): ComplexFft {
  if (!Number.isInteger(length) || length < 1) {
    throw new RangeError(`A Fourier transform needs a positive whole length, not ${length}.`);
  }
  if (length === 1) return new SingleSample();
  return nextPowerOfTwo(length) === length ? new PowerOfTwoFft(length) : new ChirpFft(length);
}
