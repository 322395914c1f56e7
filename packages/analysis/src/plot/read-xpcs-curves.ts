import type { Preview } from '@interpulse/domain/dataset/preview.ts';
import type { Hdf5File } from '@interpulse/formats/hdf5/hdf5-file.ts';

/** A preview that holds curves. */
export type CurvesPreview = Extract<Preview, { kind: 'curves' }>;
type Curve = CurvesPreview['curves'][number];
type Figure = CurvesPreview['figures'][number];

/** More digits than a plot can show only cost bytes. */
const digits = 6;

/** Whether a file is a result of the xpcs command (or another NXxpcs file with g2). */
export function holdsXpcs(file: Hdf5File): boolean {
  return file.kind('/entry/data/g2') === 'dataset';
}

/**
 * The correlation functions of a result file, with errors, fits and the figures that matter.
 *
 * @param mostCurves above it, curves are taken evenly from the smallest to the largest q.
 * @throws DomainError `invalid` when datasets do not have the expected shapes.
 */
export function readXpcsCurves(file: Hdf5File, mostCurves: number): CurvesPreview {
  const { shape } = file.read('/entry/data/g2');
  const [delays = 0, bins = 0] = shape;
  const hasTime = file.kind('/entry/data/delay_time') === 'dataset';
  const delayPath = hasTime ? '/entry/data/delay_time' : '/entry/data/delay_difference';
  const x = numbers(file, delayPath).slice(0, delays).map(rounded);
  const timeUnit = String(file.attribute(delayPath, 'units') ?? 'frames');
  const q = numbers(file, '/entry/instrument/masks/dynamic_q_list');
  const units = String(file.attribute('/entry/instrument/masks/dynamic_q_list', 'units') ?? '');
  const qUnit = units === '1/nm' ? 'nm⁻¹' : units;
  const column = (path: string): ((bin: number) => (number | null)[]) | undefined => {
    if (file.kind(path) !== 'dataset') return undefined;
    const values = numbers(file, path);
    return (bin) => x.map((_, delay) => finite(values[delay * bins + bin]));
  };
  const g2 = column('/entry/data/g2');
  const error = column('/entry/data/g2_derr');
  const fit = column('/entry/fit/model');
  const curves = chosen(bins, mostCurves).map((bin): Curve => {
    const label = `q = ${(q[bin] ?? bin + 1).toPrecision(3)} ${qUnit}`.trim();
    const optional = {
      ...(error === undefined ? {} : { error: error(bin) }),
      ...(fit === undefined ? {} : { fit: fit(bin) }),
    };
    return { label, x, y: g2?.(bin) ?? [], ...optional };
  });
  const shot = file.scalar('/entry/scan_number');
  const title = String(file.scalar('/entry/title') ?? 'Photon correlation');
  return {
    kind: 'curves',
    title: shot === undefined || title.includes(String(shot)) ? title : `${title}, shot ${shot}`,
    x: { label: 'delay τ', unit: timeUnit, scale: 'log' },
    y: { label: 'g₂(q, τ)', unit: '', scale: 'linear' },
    curves,
    figures: readFigures(file, q, qUnit),
  };
}

function readFigures(file: Hdf5File, q: number[], qUnit: string): Figure[] {
  const figures: Figure[] = [];
  const law = '/entry/fit/rate_law';
  const add = (label: string, value: unknown, error: unknown, unit: string): void => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return;
    const spread = typeof error === 'number' && Number.isFinite(error) ? error : undefined;
    figures.push({
      label,
      value: rounded(value),
      unit,
      ...(spread === undefined ? {} : { error: rounded(spread) }),
    });
  };
  const diffusion = file.scalar(`${law}/diffusion`);
  if (diffusion !== undefined) {
    const unit = String(file.attribute(`${law}/diffusion`, 'units') ?? '');
    const pretty = unit.replace('^2', '²');
    add('diffusion coefficient', diffusion, file.scalar(`${law}/diffusion_error`), pretty);
    add(
      'rate ~ q to the power',
      file.scalar(`${law}/slope`),
      file.scalar(`${law}/slope_error`),
      '',
    );
  }
  if (file.kind('/entry/fit/rate') !== 'dataset') return figures;
  const status = file.readJson('/entry/fit/status') as string[];
  const rates = numbers(file, '/entry/fit/rate');
  const errors = numbers(file, '/entry/fit/rate_error');
  const contrasts = numbers(file, '/entry/fit/contrast');
  const unit = String(file.attribute('/entry/fit/rate', 'units') ?? '');
  const good = status.flatMap((each, bin) => (each === 'ok' ? [bin] : []));
  const middle = good[Math.floor(good.length / 2)];
  if (middle !== undefined) {
    const label = `rate at q = ${(q[middle] ?? middle + 1).toPrecision(3)} ${qUnit}`.trim();
    add(label, rates[middle], errors[middle], unit);
    add('contrast', median(good.map((bin) => contrasts[bin]!)), undefined, '');
  }
  add('curves fitted', good.length, undefined, `of ${status.length}`);
  return figures;
}

function numbers(file: Hdf5File, path: string): number[] {
  if (file.kind(path) !== 'dataset') return [];
  const values: ArrayLike<number | bigint> = file.read(path).values;
  return Array.from(values, Number);
}

function chosen(bins: number, most: number): number[] {
  const count = Math.min(bins, most);
  if (count <= 1) return count === 1 ? [0] : [];
  return Array.from({ length: count }, (_, index) =>
    Math.round((index * (bins - 1)) / (count - 1)),
  );
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? rounded(value) : null;
}

function rounded(value: number): number {
  return Number(value.toPrecision(digits));
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
