/** How rates depend on q. */
export interface RateLaw {
  /** d ln Γ / d ln q; 2 for diffusion, 1 for flow. */
  slope: number;
  slopeError: number;
  /** D of Γ = D·q², in the units of Γ and 1/q². */
  diffusion: number;
  diffusionError: number;
  points: number;
}

/**
 * A weighted straight line through ln Γ against ln q, and D with the slope held at 2; undefined
 * with fewer than two usable points. Points with q, Γ or its error not positive are left out.
 */
export function fitRateLaw(
  q: ArrayLike<number>,
  rate: ArrayLike<number>,
  rateError: ArrayLike<number>,
): RateLaw | undefined {
  const points = Array.from(q, (value, index) => ({
    x: Math.log(value),
    y: Math.log(rate[index]!),
    weight: (rate[index]! / rateError[index]!) ** 2,
  })).filter(({ x, y, weight }) => [x, y, weight].every(Number.isFinite) && weight > 0);
  if (points.length < 2) return undefined;
  const sum = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((total, point) => total + of(point), 0);
  const total = sum(({ weight }) => weight);
  const meanX = sum(({ x, weight }) => weight * x) / total;
  const meanY = sum(({ y, weight }) => weight * y) / total;
  const spread = sum(({ x, weight }) => weight * (x - meanX) ** 2);
  if (!(spread > 0)) return undefined;
  const slope = sum(({ x, y, weight }) => weight * (x - meanX) * (y - meanY)) / spread;
  const scatter = (predict: (x: number) => number, free: number): number =>
    Math.max(1, sum(({ x, y, weight }) => weight * (y - predict(x)) ** 2) / free);
  const lineScatter = scatter((x) => meanY + slope * (x - meanX), Math.max(1, points.length - 2));
  const logDiffusion = meanY - 2 * meanX;
  const lawScatter = scatter((x) => logDiffusion + 2 * x, points.length - 1);
  const diffusion = Math.exp(logDiffusion);
  return {
    slope,
    slopeError: Math.sqrt(lineScatter / spread),
    diffusion,
    diffusionError: diffusion * Math.sqrt(lawScatter / total),
    points: points.length,
  };
}
