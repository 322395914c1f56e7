const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes for people: `8.4 MiB`. */
export function bytes(count: number | null): string {
  if (count === null) return '-';
  const power = count < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${byteUnits[power]}`;
}

/** A length of time for people: `0.42 s`, `12.3 s`, `2 min 05 s`, `3 h 20 min`, `4 d 2 h`. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '-';
  if (seconds < 0) return `-${duration(-seconds)}`;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  if (seconds < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (seconds < 86_400)
    return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** How long something took or takes: from `start` to `end`, else to `nowAt`. */
export function span(start: string | null, end: string | null, nowAt: string): string {
  if (start === null) return '-';
  return duration((Date.parse(end ?? nowAt) - Date.parse(start)) / 1000);
}

/**
 * An instant in the local time of the terminal, with its zone (`15:33:15+01`, or `14:33:15Z`): the
 * clock alone on the day of `nowAt`.
 */
export function localTime(instant: string | null, nowAt: string): string {
  if (instant === null) return '-';
  const at = new Date(instant);
  const now = new Date(nowAt);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  const clock = `${time}${zoneOf(at)}`;
  if (at.toDateString() === now.toDateString()) return clock;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`;
}

/** As ISO 8601 writes it, the minutes only where there are some. */
function zoneOf(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${rest}`;
}

/** A value with its error and unit, rounded to two digits of the error. */
export function measured(value: number, error: number | undefined, unit: string): string {
  const suffix = unit === '' ? '' : ` ${unit}`;
  if (error === undefined || error <= 0 || !Number.isFinite(error)) {
    return `${Number(value.toPrecision(6))}${suffix}`;
  }
  const digits = Math.min(12, 1 - Math.floor(Math.log10(error)));
  return `${rounded(value, digits)} ± ${rounded(error, digits)}${suffix}`;
}

/** To so many digits after the point, or before it: `rounded(1234, -2)` is 1200. */
function rounded(value: number, digits: number): string {
  if (digits >= 0) return value.toFixed(digits);
  return String(Math.round(value * 10 ** digits) * 10 ** -digits);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
