import type uPlot from 'uplot';
import { formatTick } from './format-tick.ts';
import type { AlignedCurve, AlignedCurves, CurvesPreview } from './align-curves.ts';

/** How a plot looks in the light and in the dark. */
export interface PlotLook {
  text: string;
  line: string;
  colours: string[];
  /** CSS pixels. */
  fontPixels: number;
}

/** Eight colours that stay apart for most eyes (after Okabe and Ito), per scheme. */
export const curveColours = {
  light: ['#0b6e8f', '#c4560a', '#2d7d46', '#8a4a9e', '#a67c00', '#3f5bb5', '#b23a5b', '#4a4f55'],
  dark: ['#5cc0dc', '#f0955a', '#74c98f', '#cf9be0', '#e2bf55', '#96aef2', '#f08aa5', '#b4bcc2'],
} as const;

/** uPlot's data: x, then for each curve its points and its fit. */
export function plotData(aligned: AlignedCurves): uPlot.AlignedData {
  return [aligned.x, ...aligned.curves.flatMap((curve) => [curve.y, curve.fit])];
}

function drawErrorBars(plot: uPlot, aligned: AlignedCurves, colours: string[]): void {
  const { ctx } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
  ctx.clip();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  aligned.curves.forEach((curve, number) => {
    if (!curve.hasErrors || plot.series[1 + 2 * number]?.show === false) return;
    ctx.strokeStyle = colours[number % colours.length] ?? '';
    ctx.globalAlpha = 0.7;
    ctx.beginPath();
    traceErrorBars(plot, aligned.x, curve);
    ctx.stroke();
  });
  ctx.restore();
}

function traceErrorBars(plot: uPlot, x: number[], curve: AlignedCurve): void {
  x.forEach((value, index) => {
    const low = curve.low[index];
    const high = curve.high[index];
    if (low === null || low === undefined || high === null || high === undefined) return;
    const across = Math.round(plot.valToPos(value, 'x', true)) + 0.5;
    plot.ctx.moveTo(across, plot.valToPos(low, 'y', true));
    plot.ctx.lineTo(across, plot.valToPos(high, 'y', true));
  });
}

/** The range of y with the error bars in it, and a little air. */
function rangeOfY(aligned: AlignedCurves, isLog: boolean): uPlot.Range.MinMax {
  let low = Infinity;
  let high = -Infinity;
  for (const curve of aligned.curves) {
    for (const values of [curve.y, curve.low, curve.high, curve.fit]) {
      for (const value of values) {
        if (value === null) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  if (low > high) return isLog ? [0.1, 10] : [0, 1];
  if (isLog) return [low / 1.3, high * 1.3];
  const air = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - air, high + air];
}

/** No wider than the data and a little air; uPlot itself goes on to the next power of ten. */
function logRangeOfX(low: number, high: number): uPlot.Range.MinMax {
  return low > 0 && high > low ? [low / 1.06, high * 1.06] : [0.1, 10];
}

/** Options of uPlot for curves: points with error bars, fits as lines. */
export function plotOptions(
  preview: CurvesPreview,
  current: () => AlignedCurves,
  look: PlotLook,
  onCursor: (index: number | null) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const isLogY = preview.y.scale === 'log';
  const font = `${look.fontPixels}px Inter, system-ui, "DejaVu Sans", sans-serif`;
  const axis = (label: string, scale: 'linear' | 'log' | undefined): uPlot.Axis => ({
    label,
    labelFont: font,
    labelSize: look.fontPixels * 1.5,
    labelGap: 2,
    font,
    stroke: look.text,
    grid: { stroke: look.line, width: 1 },
    ticks: { stroke: look.line, width: 1, size: 6 },
    values: (_plot, splits) => splits.map((value) => formatTick(value, scale === 'log', splits)),
  });
  const yAxis = axis(axisTitle(preview.y), preview.y.scale);
  const series = current().curves.flatMap((curve, number): uPlot.Series[] => {
    const stroke = look.colours[number % look.colours.length] ?? look.text;
    const radius = Math.round(look.fontPixels * 0.45);
    return [
      {
        label: curve.label,
        stroke,
        width: curve.hasFit ? 0 : 1.6,
        spanGaps: true,
        points: { show: true, size: radius, fill: stroke, stroke, width: 0 },
      },
      { label: `${curve.label} fit`, stroke, width: 2, spanGaps: true, points: { show: false } },
    ];
  });
  return {
    legend: { show: false },
    cursor: { points: { show: false }, drag: { x: true, y: false, setScale: true } },
    padding: [12, 16, 4, 4],
    scales: {
      x:
        preview.x.scale === 'log'
          ? { time: false, distr: 3, range: (_plot, low, high) => logRangeOfX(low, high) }
          : { time: false },
      y: { distr: isLogY ? 3 : 1, range: () => rangeOfY(current(), isLogY) },
    },
    axes: [
      { ...axis(axisTitle(preview.x), preview.x.scale), size: look.fontPixels * 2.1 },
      { ...yAxis, size: look.fontPixels * 4.4 },
    ],
    series: [{}, ...series],
    hooks: {
      draw: [(plot) => drawErrorBars(plot, current(), look.colours)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}

/** An axis' title with its unit: `delay (s)`. */
export function axisTitle(axis: { label: string; unit?: string | undefined }): string {
  return axis.unit ? `${axis.label} (${axis.unit})` : axis.label;
}
