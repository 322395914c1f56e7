const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in decimal units: `812 B`, `1.4 MB`, `230 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${byteUnits[unit]}`;
}

/** A number of things, with thin spaces between thousands: `12 400`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, '\u202f');
}

/**
 * A measured value with its error, rounded to the error's two leading digits: `1.234 ± 0.012`.
 * Without an error, four significant digits. Very large and small values get a power of ten.
 */
export function formatMeasured(value: number, error?: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const exponent = size > 0 ? Math.floor(Math.log10(size)) : 0;
  if (size > 0 && (exponent < -3 || exponent > 5)) {
    const scale = 10 ** exponent;
    const scaledError = error === undefined ? undefined : error / scale;
    const body = formatPlain(value / scale, scaledError);
    return `${scaledError === undefined ? body : `(${body})`} × 10${superscript(exponent)}`;
  }
  return formatPlain(value, error);
}

function formatPlain(value: number, error: number | undefined): string {
  if (error === undefined || !Number.isFinite(error) || error <= 0) {
    return Number.isInteger(value) ? formatSigned(value, 0) : formatSigned(value, digitsOf(value));
  }
  const digits = Math.min(6, 1 - Math.floor(Math.log10(error)));
  return `${formatSigned(value, digits)} ± ${formatSigned(error, digits)}`;
}

function digitsOf(value: number): number {
  if (value === 0) return 0;
  return Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))));
}

/** Negative digits are zeros before the point: of 1234, -2 leaves 1200. */
function formatSigned(value: number, digits: number): string {
  const rounded =
    digits >= 0 ? value.toFixed(digits) : String(Math.round(value * 10 ** digits) * 10 ** -digits);
  return rounded.replace('-', '−');
}

function superscript(exponent: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const text = [...String(Math.abs(exponent))].map((digit) => digits[Number(digit)]).join('');
  return exponent < 0 ? `⁻${text}` : text;
}
