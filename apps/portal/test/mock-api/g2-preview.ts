import type { z } from 'zod';
import { previewSchema } from '@interpulse/domain/dataset/preview.ts';
import { jitter } from './shot-story.ts';

/** Momentum transfers of the rings, in inverse ångströms. */
const rings = [0.0032, 0.0048, 0.0071, 0.0104];

/**
 * g2 of Brownian motion per ring, whose diffusion drifts slowly from shot to shot, with noise that
 * grows where there are few pairs.
 */
export function g2Preview(shot: number): z.output<typeof previewSchema> {
  const diffusion = 3.1e5 * (1 + 0.25 * Math.sin(shot / 9));
  const contrast = 0.18;
  const delays = Array.from({ length: 34 }, (_, index) => 1e-3 * 10 ** (index / 11));
  const curves = rings.map((q, ring) => {
    const rate = diffusion * q * q * 1;
    const model = (delay: number) => 1 + contrast * Math.exp(-2 * rate * delay);
    const error = delays.map((delay) => 0.0025 + 0.004 * Math.sqrt(delay));
    return {
      label: `q = ${q.toFixed(4)} Å⁻¹`,
      x: delays,
      y: delays.map((delay, index) => {
        const noise = jitter(shot * 7 + ring, index + 1) + jitter(shot * 3 + ring, index + 50) - 1;
        return model(delay) + noise * 1.6 * (error[index] ?? 0);
      }),
      error,
      fit: delays.map((delay) => model(delay)),
    };
  });
  return previewSchema.parse({
    kind: 'curves',
    title: `Correlation, shot ${shot}`,
    x: { label: 'delay', unit: 's', scale: 'log' },
    y: { label: 'g₂' },
    curves,
    figures: [
      { label: 'Diffusion coefficient', value: diffusion / 1e5, error: 0.032, unit: '10⁵ Å²/s' },
      { label: 'Contrast', value: contrast, error: 0.0021 },
      { label: 'Relaxation time, inner ring', value: 1 / (diffusion * 0.0032 ** 2), unit: 's' },
      { label: 'Reduced χ²', value: 0.9 + 0.3 * jitter(shot, 9) },
    ],
  });
}
