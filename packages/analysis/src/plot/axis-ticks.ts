/** A tick of an axis, and whether it carries its label. */
export interface Tick {
  value: number;
  /** Empty for the small ticks between decades. */
  label: string;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** About `count` round numbers (1, 2 or 5 times a power of ten) from `low` to `high`. */
export function linearTicks(low: number, high: number, count: number): Tick[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const value = (first + index) * step;
    return { value, label: value.toFixed(decimals) };
  });
}

/** Powers of ten, with small ticks at 2 to 9 between them; both ends positive. */
export function logTicks(low: number, high: number): Tick[] {
  const ticks: Tick[] = [];
  const firstPower = Math.floor(Math.log10(low));
  for (let power = firstPower; power <= Math.ceil(Math.log10(high)); power += 1) {
    for (let digit = 1; digit < 10; digit += 1) {
      const value = digit * 10 ** power;
      if (value < low * 0.999 || value > high * 1.001) continue;
      ticks.push({ value, label: digit === 1 ? powerOfTen(power) : '' });
    }
  }
  if (ticks.filter(({ label }) => label !== '').length >= 2) return ticks;
  return ticks.map(({ value }) => ({ value, label: String(Number(value.toPrecision(1))) }));
}

function powerOfTen(power: number): string {
  if (power >= 0 && power <= 3) return String(10 ** power);
  const digits = [...String(Math.abs(power))].map((digit) => superscripts[Number(digit)]).join('');
  return `10${power < 0 ? '⁻' : ''}${digits}`;
}
