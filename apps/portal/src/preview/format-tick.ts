/**
 * The text of a tick. On a logarithmic axis only the powers of ten are named, the ticks between
 * them stay bare.
 */
export function formatTick(value: number | null, isLog: boolean, all: (number | null)[]): string {
  if (value === null) return '';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (isLog) {
    const exponent = Math.log10(size);
    if (Math.abs(exponent - Math.round(exponent)) > 1e-9) return '';
    return Math.abs(exponent) <= 3 ? plain(value) : `1e${Math.round(exponent)}`;
  }
  if (size >= 1e6 || size < 1e-4) return value.toExponential(1);
  return value.toFixed(digitsOfStep(all)).replace('-', '−');
}

/** Digits that tell neighbouring ticks apart. */
function digitsOfStep(all: (number | null)[]): number {
  const values = all.filter((value) => value !== null);
  const [first, second] = values;
  if (first === undefined || second === undefined) return 2;
  const step = Math.abs(second - first);
  return step > 0 ? Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 2;
}

function plain(value: number): string {
  return String(Number(value.toPrecision(6))).replace('-', '−');
}
