import { formatInstant } from './instant.ts';

const instants = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z/g;

/** A sentence of the hub with its instants in local time. */
export function readableText(text: string, nowMilliseconds: number): string {
  return text.replace(instants, (at) => formatInstant(at, nowMilliseconds));
}
