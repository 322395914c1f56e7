/** A length of time for people: `0 s`, `8 ms`, `0.42 s`, `12.3 s`, `4 min 05 s`, `3 h 20 min`. */
export function formatDuration(seconds: number): string {
  const sign = seconds < 0 ? '−' : '';
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  if (size < 0.0995) return `${sign}${formatMilliseconds(size)}`;
  if (size < 1) return `${sign}${size.toFixed(2)} s`;
  if (size < 59.95) return `${sign}${size.toFixed(1)} s`;
  const whole = Math.round(size);
  if (whole < 3600) return `${sign}${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  const minutes = Math.round(size / 60);
  if (minutes < 1440) return `${sign}${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  const hours = Math.round(size / 3600);
  return `${sign}${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A length of time that was set and does not tick: `10 min`, `8 h`, `1 h 30 min`. */
export function formatSpan(seconds: number): string {
  if (seconds < 0.0995 && seconds > 0) return formatMilliseconds(seconds);
  if (seconds < 60) return `${Number(seconds.toFixed(2))} s`;
  return formatDuration(seconds)
    .replace(/ 00 (s|min)$/, '')
    .replace(/ 0 h$/, '');
}

/** A length of time in whole units, for ages that tick: `4 s`, `12 min`, `3 h`, `2 d`. */
export function formatAge(seconds: number): string {
  const size = Math.max(0, seconds);
  if (size < 60) return `${Math.floor(size)} s`;
  if (size < 3600) return `${Math.floor(size / 60)} min`;
  if (size < 86_400) return `${Math.floor(size / 3600)} h`;
  return `${Math.floor(size / 86_400)} d`;
}

/** A clock face for a count-down: `0:07`, `2:31`, `1:02:03`; whole seconds, rounded up. */
export function formatCountdown(seconds: number): string {
  const whole = Math.ceil(Math.max(0, seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = pad(whole % 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

function formatMilliseconds(seconds: number): string {
  return `${Number((seconds * 1000).toPrecision(2))} ms`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
