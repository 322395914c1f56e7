/** The value of a date-and-time field, in local time, for an instant in milliseconds. */
export function toLocalInput(milliseconds: number): string {
  const date = new Date(milliseconds);
  const shifted = new Date(milliseconds - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The instant that a date-and-time field stands for; empty when the field is. */
export function toInstant(value: string): string {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
