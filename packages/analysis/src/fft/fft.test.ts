import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createComplexFft, nextPowerOfTwo } from './complex-fft.ts';
import { createFft2d } from './fft-2d.ts';

function noise(length: number): Float64Array {
  let state = 12345 + length;
  return Float64Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648 - 0.5;
  });
}

function slowForward(input: Float64Array): Float64Array {
  const length = input.length / 2;
  const output = new Float64Array(input.length);
  for (let k = 0; k < length; k += 1) {
    for (let n = 0; n < length; n += 1) {
      const angle = (-2 * Math.PI * ((k * n) % length)) / length;
      const [re, im] = [input[2 * n]!, input[2 * n + 1]!];
      output[2 * k]! += re * Math.cos(angle) - im * Math.sin(angle);
      output[2 * k + 1]! += re * Math.sin(angle) + im * Math.cos(angle);
    }
  }
  return output;
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

test('a transform of any length equals the sum it stands for, and is undone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 130 }), (length) => {
      const input = noise(2 * length);
      const fft = createComplexFft(length);
      const [spectrum, back] = [new Float64Array(2 * length), new Float64Array(2 * length)];
      fft.forward(spectrum, input);
      assert.ok(largestDifference(spectrum, slowForward(input)) < 1e-10 * length);
      fft.inverse(back, spectrum);
      assert.ok(largestDifference(back, input) < 1e-12 * length);
    }),
    { numRuns: 60 },
  );
});

test('a two-dimensional transform finds one wave in a picture of any shape', () => {
  const [rows, columns, v, u] = [21, 12, 5, 7];
  const data = new Float64Array(2 * rows * columns);
  for (let i = 0; i < rows * columns; i += 1) {
    const phase = 2 * Math.PI * ((v * Math.floor(i / columns)) / rows + (u * i) / columns);
    data[2 * i] = Math.cos(phase);
    data[2 * i + 1] = Math.sin(phase);
  }
  const before = data.slice();
  const fft = createFft2d(rows, columns);
  fft.forward(data);
  const expected = new Float64Array(data.length);
  expected[2 * (v * columns + u)] = rows * columns;
  assert.ok(largestDifference(data, expected) < 1e-9);
  fft.inverse(data);
  assert.ok(largestDifference(data, before) < 1e-12);
});

test('lengths that cannot be transformed are refused', () => {
  for (const length of [0, -4, 2.5, NaN]) {
    assert.throws(() => createComplexFft(length), /positive whole length/);
  }
  assert.deepEqual([1, 2, 3, 640, 1024].map(nextPowerOfTwo), [1, 2, 4, 1024, 1024]);
});
