import pg from 'pg';
import type { CustomTypesConfig } from 'pg';

/** Object ids of PostgreSQL's types, from its catalog pg_type. */
const oids = {
  int8: 20,
  date: 1082,
  timestamptz: 1184,
  textArray: 1009,
  int8Array: 1016,
  timestamptzArray: 1185,
};

/** An int8 as a number; throws above 2^53 rather than give a neighbour of the true value. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`The database holds ${text}, too large for a JavaScript number.`);
}

/**
 * A timestamptz as an ISO 8601 UTC string with milliseconds. The text is like
 * `2026-11-21 14:03:00.123456+00`; our sessions run in UTC, other offsets are understood too.
 */
export function parseTimestamptz(text: string): string {
  if (text.endsWith('+00') && text.length >= 22 && text[10] === ' ') {
    const fraction = text.slice(20, -3).padEnd(3, '0').slice(0, 3);
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
  }
  const withOffset = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
  return new Date(withOffset).toISOString();
}

const asText = (text: string): string => text;

type Parser = (text: string) => unknown;
/** pg's parser of text[], reused for the arrays of our types. */
const parseTextArray: (text: string) => (string | null)[] = pg.types.getTypeParser(oids.textArray);
const arrayOf =
  (parse: Parser): Parser =>
  (text) =>
    parseTextArray(text).map((item) => (item === null ? null : parse(item)));

const parsers = new Map<number, Parser>([
  [oids.int8, parseInt8],
  [oids.date, asText],
  [oids.timestamptz, parseTimestamptz],
  [oids.int8Array, arrayOf(parseInt8)],
  [oids.timestamptzArray, arrayOf(parseTimestamptz)],
]);

/**
 * What our connections make of the columns: int8 a number, timestamptz an ISO string, date its
 * text. Given to our own connections only; `pg.types.setTypeParser` would change the process.
 */
export const typeParsers: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format),
};
