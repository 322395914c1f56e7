import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { delayGrid } from './delay-grid.ts';
import { averagedDecay, fitG2 } from './fit-g2.ts';
import { fitRateLaw } from './fit-rate-law.ts';

const delays = delayGrid(1000, 4);
const errors = new Float64Array(delays.length).fill(1e-3);

describe('the model of one relaxation', () => {
  it('is what averaging frames before correlating gives', () => {
    for (const gamma of [1e-10, 0.003, 0.1, 0.4, 3]) {
      for (const delay of [
        { level: 0, frames: 3 },
        { level: 2, frames: 16 },
        { level: 3, frames: 64 },
      ]) {
        const m = 2 ** delay.level;
        let direct = 0;
        for (let i = 0; i < m; i += 1) {
          for (let j = 0; j < m; j += 1) direct += Math.exp(-2 * gamma * (delay.frames + j - i));
        }
        const value = averagedDecay(gamma, delay);
        assert.ok(Math.abs(value / (direct / m ** 2) - 1) < 1e-9, `${gamma} ${delay.frames}`);
      }
    }
    assert.ok(Number.isFinite(averagedDecay(500, { level: 10, frames: 8192 })));
  });
});

describe('a fit of g2', () => {
  it('finds planted parameters again', () => {
    const planted = fc.record({
      gamma: fc.double({ min: 0.004, max: 0.4, noNaN: true }),
      contrast: fc.double({ min: 0.02, max: 1, noNaN: true }),
      baseline: fc.double({ min: 0.98, max: 1.1, noNaN: true }),
    });
    fc.assert(
      fc.property(planted, ({ gamma, contrast, baseline }) => {
        const g2 = Float64Array.from(delays, (d) => baseline + contrast * averagedDecay(gamma, d));
        const fit = fitG2(delays, g2, errors, 'single');
        assert.equal(fit.status, 'ok');
        assert.ok(Math.abs(fit.gammaPerFrame / gamma - 1) < 1e-3, `${fit.gammaPerFrame} ${gamma}`);
        assert.ok(Math.abs(fit.contrast / contrast - 1) < 1e-3);
        assert.ok(Math.abs(fit.baseline - baseline) < 1e-3);
      }),
      { numRuns: 60 },
    );
  });

  it('finds a stretched exponent', () => {
    const g2 = Float64Array.from(delays, (d) => 1 + 0.3 * Math.exp(-2 * (0.02 * d.frames) ** 0.7));
    const fit = fitG2(delays, g2, errors, 'stretched');
    assert.ok(Math.abs(fit.exponent - 0.7) < 0.005);
    assert.ok(Math.abs(fit.gammaPerFrame / 0.02 - 1) < 0.01);
  });

  it('says so where the data do not tell a rate', () => {
    const curve = (gamma: number): Float64Array =>
      Float64Array.from(delays, (d) => 1 + 0.3 * averagedDecay(gamma, d));
    assert.equal(fitG2(delays, curve(1.2), errors, 'single').status, 'tooFast');
    assert.notEqual(fitG2(delays, curve(1e-6), errors, 'single').status, 'ok');
    assert.notEqual(fitG2(delays, curve(0).fill(1), errors, 'single').status, 'ok');
    const nothing = new Float64Array(delays.length).fill(Number.NaN);
    assert.equal(fitG2(delays, nothing, nothing, 'single').status, 'noData');
  });

  it('gives errors that cover the truth about as often as they should', () => {
    let [seed, inside] = [1, 0];
    const noise = (): number => {
      let sum = -6;
      for (let k = 0; k < 12; k += 1) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        sum += seed / 2 ** 32;
      }
      return sum;
    };
    for (let trial = 0; trial < 200; trial += 1) {
      const g2 = Float64Array.from(
        delays,
        (d) => 1 + 0.2 * averagedDecay(0.05, d) + 1e-3 * noise(),
      );
      const fit = fitG2(delays, g2, errors, 'single');
      if (Math.abs(fit.gammaPerFrame - 0.05) < fit.gammaPerFrameError) inside += 1;
    }
    assert.ok(inside > 115 && inside < 165, `${inside} of 200 within one sigma`);
  });
});

describe('the law of rates', () => {
  it('finds diffusion', () => {
    const q = [0.01, 0.02, 0.03, 0.04, 0];
    const rates = q.map((value) => 5000 * value ** 2);
    const law = fitRateLaw(
      q,
      rates,
      rates.map((rate) => rate * 0.01),
    );
    assert.ok(law !== undefined && Math.abs(law.slope - 2) < 1e-9);
    assert.ok(Math.abs(law.diffusion - 5000) < 1e-6);
    assert.equal(law.points, 4);
    assert.equal(fitRateLaw([0.01], [1], [0.1]), undefined);
    assert.equal(fitRateLaw([1, 2], [Number.NaN, 1], [1, 1]), undefined);
  });
});
