import type { Schemas } from '@interpulse/api/client/create-client.ts';

/** A preview of curves. */
export type CurvesPreview = Extract<Schemas['Preview'], { kind: 'curves' }>;

/** One curve on the common x axis; arrays have the length of `x`, null where it has no point. */
export interface AlignedCurve {
  label: string;
  y: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  fit: (number | null)[];
  hasErrors: boolean;
  hasFit: boolean;
}

/** Curves on one x axis, as uPlot wants them. */
export interface AlignedCurves {
  x: number[];
  curves: AlignedCurve[];
}

/**
 * Puts curves with different x on one axis. Points that a logarithmic axis cannot show (zero and
 * below) are left out; an error bar that reaches below it is cut at the point itself.
 */
export function alignCurves(preview: CurvesPreview): AlignedCurves {
  const isLogX = preview.x.scale === 'log';
  const isLogY = preview.y.scale === 'log';
  const isShown = (value: number) => Number.isFinite(value) && (!isLogX || value > 0);
  const x = [...new Set(preview.curves.flatMap((curve) => curve.x.filter(isShown)))];
  x.sort((a, b) => a - b);
  const positions = new Map(x.map((value, index) => [value, index]));
  const keep = (value: number | null | undefined) =>
    value === null || value === undefined || (isLogY && value <= 0) ? null : value;
  const curves = preview.curves.map((curve): AlignedCurve => {
    const empty = () => Array.from<number | null>({ length: x.length }).fill(null);
    const [y, low, high, fit] = [empty(), empty(), empty(), empty()];
    curve.x.forEach((value, index) => {
      const position = positions.get(value);
      if (position === undefined) return;
      const point = keep(curve.y[index]);
      const error = curve.error?.[index] ?? null;
      y[position] = point;
      fit[position] = keep(curve.fit?.[index]);
      if (point === null || error === null) return;
      low[position] = keep(point - error) ?? point;
      high[position] = point + error;
    });
    const [hasErrors, hasFit] = [curve.error !== undefined, curve.fit !== undefined];
    return { label: curve.label, y, low, high, fit, hasErrors, hasFit };
  });
  return { x, curves };
}
