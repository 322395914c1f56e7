const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** Local time of day with seconds: `14:03:12`. */
export function formatClock(at: string | number): string {
  return clock.format(new Date(at));
}

/** Local time for lists: the time of day, with the date when it is not today (`now`). */
export function formatInstant(at: string, nowMilliseconds: number): string {
  const date = new Date(at);
  const now = new Date(nowMilliseconds);
  if (date.toDateString() === now.toDateString()) return clock.format(date);
  const dayFormat = date.getFullYear() === now.getFullYear() ? day : full;
  return `${dayFormat.format(date)}, ${clock.format(date)}`;
}
