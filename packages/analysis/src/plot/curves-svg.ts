import type { Tick } from './axis-ticks.ts';
import { linearTicks, logTicks } from './axis-ticks.ts';
import type { CurvesPreview } from './read-xpcs-curves.ts';

const size = { width: 960, height: 600 };
const frame = { left: 84, right: 690, top: 56, bottom: 528 };
/** More curves than this cannot be told apart; they are taken evenly from all. */
const mostCurves = 12;
const yTickCount = 6;

type Curve = CurvesPreview['curves'][number];
type Axis = CurvesPreview['x'];

/** From values to pixels along one axis. */
interface Scale {
  low: number;
  high: number;
  toPixels: (value: number) => number;
  ticks: Tick[];
}

/**
 * Curves as a picture of their own: axes with ticks, points with error bars, fitted lines, a
 * legend, and the figures of merit; SVG 1.1 without scripts or external parts.
 */
export function curvesSvg(preview: CurvesPreview): string {
  const step = Math.max(1, Math.ceil(preview.curves.length / mostCurves));
  const curves = preview.curves.filter((_, index) => index % step === 0);
  const x = scaleOf(
    preview.x,
    curves.flatMap(({ x: values }) => values),
    frame.left,
    frame.right,
  );
  const y = scaleOf(preview.y, verticalExtent(curves), frame.bottom, frame.top);
  const colours = curves.map((_, index) =>
    colour(curves.length < 2 ? 0 : index / (curves.length - 1)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" ` +
      `width="${size.width}" height="${size.height}" font-family="system-ui, sans-serif" ` +
      'font-size="14" fill="#1f2933">',
    `<title>${escape(preview.title)}</title>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    `<text x="${frame.left}" y="34" font-size="18" font-weight="600">` +
      `${escape(preview.title)}</text>`,
    axes(preview, x, y),
    '<clipPath id="inside">' +
      `<rect x="${frame.left}" y="${frame.top}" width="${frame.right - frame.left}" ` +
      `height="${frame.bottom - frame.top}"/></clipPath>`,
    '<g clip-path="url(#inside)">',
    ...curves.map((curve, index) => drawCurve(curve, x, y, colours[index]!)),
    '</g>',
    legend(curves, colours),
    figures(preview, curves.length),
    '</svg>',
    '',
  ].join('\n');
}

function verticalExtent(curves: Curve[]): number[] {
  return curves.flatMap(({ y, error, fit }) =>
    y.flatMap((value, index) => {
      if (value === null) return [];
      // A point with an error larger than the figure must not decide its scale.
      const spread = Math.min(error?.[index] ?? 0, Math.abs(value) * 0.1);
      return [value - spread, value + spread, fit?.[index] ?? value];
    }),
  );
}

function scaleOf(axis: Axis, values: number[], start: number, end: number): Scale {
  const isLog = axis.scale === 'log';
  const usable = values.filter((value) => Number.isFinite(value) && (!isLog || value > 0));
  let low = usable.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  let high = usable.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!(low <= high)) [low, high] = isLog ? [1, 10] : [0, 1];
  if (isLog) {
    [low, high] = [low / 1.25, high * 1.25];
    const span = Math.log(high / low);
    const toPixels = (value: number): number =>
      start + ((end - start) * Math.log(value / low)) / span;
    return { low, high, toPixels, ticks: logTicks(low, high) };
  }
  const margin = high > low ? 0.05 * (high - low) : Math.max(1e-3, 0.05 * Math.abs(high));
  [low, high] = [low - margin, high + margin];
  const toPixels = (value: number): number =>
    start + ((end - start) * (value - low)) / (high - low);
  return { low, high, toPixels, ticks: linearTicks(low, high, yTickCount) };
}

function axes(preview: CurvesPreview, x: Scale, y: Scale): string {
  const { left, right, top, bottom } = frame;
  const vertical = x.ticks.map(({ value, label }) => {
    const at = fixed(x.toPixels(value));
    const line = `<path d="M${at} ${top}V${bottom}" stroke="#e4e7eb"/>`;
    const mark = `<path d="M${at} ${bottom}v${label === '' ? 4 : 7}" stroke="#52606d"/>`;
    const text = `<text x="${at}" y="${bottom + 24}" text-anchor="middle">${label}</text>`;
    return label === '' ? mark : line + mark + text;
  });
  const horizontal = y.ticks.map(({ value, label }) => {
    const at = fixed(y.toPixels(value));
    const line = `<path d="M${left} ${at}H${right}" stroke="#e4e7eb"/>`;
    const mark = `<path d="M${left} ${at}h-7" stroke="#52606d"/>`;
    const text = `<text x="${left - 12}" y="${at}" dy="0.35em" text-anchor="end">${label}</text>`;
    return line + mark + text;
  });
  const middle = (top + bottom) / 2;
  return [
    ...vertical,
    ...horizontal,
    `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" ` +
      'fill="none" stroke="#52606d"/>',
    `<text x="${(left + right) / 2}" y="${bottom + 52}" text-anchor="middle">` +
      `${escape(axisTitle(preview.x))}</text>`,
    `<text transform="translate(24 ${middle}) rotate(-90)" text-anchor="middle">` +
      `${escape(axisTitle(preview.y))}</text>`,
  ].join('\n');
}

function axisTitle({ label, unit }: Axis): string {
  return unit === '' ? label : `${label} (${unit})`;
}

function drawCurve(curve: Curve, x: Scale, y: Scale, stroke: string): string {
  const points = curve.x.flatMap((value, index) => {
    const height = curve.y[index];
    if (height === null || height === undefined || !isOn(value, x)) return [];
    return [{ at: fixed(x.toPixels(value)), height, error: curve.error?.[index] ?? 0 }];
  });
  const bars = points.map(({ at, height, error }) =>
    error > 0
      ? `M${at} ${fixed(y.toPixels(height - error))}V${fixed(y.toPixels(height + error))}`
      : '',
  );
  const dots = points.map(
    ({ at, height }) => `<circle cx="${at}" cy="${fixed(y.toPixels(height))}" r="2.6"/>`,
  );
  const line = (curve.fit ?? [])
    .map((value, index) => {
      const at = curve.x[index];
      if (value === null || at === undefined || !isOn(at, x)) return '';
      return `${fixed(x.toPixels(at))} ${fixed(y.toPixels(value))}`;
    })
    .filter((point) => point !== '');
  const fit =
    line.length > 1 ? `<path d="M${line.join('L')}" fill="none" stroke-width="1.6"/>` : '';
  return (
    `<g stroke="${stroke}"><path d="${bars.join('')}" stroke-width="1" stroke-opacity="0.6"/>` +
    `${fit}<g fill="${stroke}" stroke="none">${dots.join('')}</g></g>`
  );
}

function isOn(value: number, scale: Scale): boolean {
  return value >= scale.low && value <= scale.high;
}

function legend(curves: Curve[], colours: string[]): string {
  const rows = curves.map(({ label }, index) => {
    const y = frame.top + 12 + index * 22;
    const sample =
      `<path d="M${frame.right + 20} ${y}h26" stroke="${colours[index]}" stroke-width="1.6"/>` +
      `<circle cx="${frame.right + 33}" cy="${y}" r="2.6" fill="${colours[index]}"/>`;
    const text = `<text x="${frame.right + 56}" y="${y}" dy="0.35em">${escape(label)}</text>`;
    return sample + text;
  });
  return rows.join('\n');
}

function figures(preview: CurvesPreview, rowsAbove: number): string {
  const top = frame.top + 12 + rowsAbove * 22 + 30;
  const room = Math.max(0, Math.floor((size.height - 16 - top) / 40) + 1);
  const shown = preview.figures.slice(0, room).map(({ label, value, error, unit }, index) => {
    const y = top + index * 40;
    const spread = error === undefined ? '' : ` ± ${Number(error.toPrecision(2))}`;
    const text = `${Number(value.toPrecision(4))}${spread} ${unit}`.trim();
    const x = frame.right + 20;
    return (
      `<text x="${x}" y="${y}" font-size="12" fill="#52606d">${escape(label)}</text>` +
      `<text x="${x}" y="${y + 17}" font-weight="600">${escape(text)}</text>`
    );
  });
  return shown.join('\n');
}

/** From deep blue to orange over violet: readable on white and in order for any eyes. */
function colour(share: number): string {
  const stops = [
    [23, 58, 143],
    [106, 27, 154],
    [200, 30, 90],
    [230, 120, 20],
  ];
  const at = share * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(at));
  const mixed = stops[index]!.map((from, channel) =>
    Math.round(from + (stops[index + 1]![channel]! - from) * (at - index)),
  );
  return `rgb(${mixed.join(',')})`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escape(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // Control characters are not allowed in XML at all, not even escaped.
  return text.replace(/[\p{Cc}]/gu, ' ').replace(/[&<>"]/g, (character) => names[character]!);
}
