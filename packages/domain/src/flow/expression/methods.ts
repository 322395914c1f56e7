import { isJsonObject } from '../../json.ts';
import type { Json } from '../../json.ts';
import { elementsOf, numberOf, typeName } from './expression-values.ts';
import type { WorkMeter } from './expression-values.ts';
import { toText } from './to-text.ts';

/** A method: how many arguments it takes, and its value. */
export interface ExpressionMethod {
  least: number;
  most: number;
  /** Throws a `TypeError` or `RangeError` with the reason. */
  value(on: Json, given: Json[], meter: WorkMeter): Json;
}

function ofString(
  least: number,
  most: number,
  value: (text: string, given: Json[], meter: WorkMeter) => Json,
): ExpressionMethod {
  return {
    least,
    most,
    value(on, given, meter) {
      if (typeof on !== 'string') throw new TypeError(`${typeName(on)} has no such method`);
      meter.make(on.length);
      return value(on, given, meter);
    },
  };
}

/** The methods of strings, and `get` of dictionaries, by name. As in Python. */
export const methods: Record<string, ExpressionMethod> = {
  strip: ofString(0, 1, (text, [of]) => stripEnd(stripStart(text, of), of)),
  lstrip: ofString(0, 1, (text, [of]) => stripStart(text, of)),
  rstrip: ofString(0, 1, (text, [of]) => stripEnd(text, of)),
  lower: ofString(0, 0, (text) => text.toLowerCase()),
  upper: ofString(0, 0, (text) => text.toUpperCase()),
  startswith: ofString(1, 1, (text, [start]) => text.startsWith(asText(start))),
  endswith: ofString(1, 1, (text, [end]) => text.endsWith(asText(end))),
  split: ofString(0, 2, (text, [by, most]) => split(text, by, most)),
  rsplit: ofString(0, 2, (text, [by, most]) => rsplit(text, by, most)),
  partition: ofString(1, 1, (text, [by]) => {
    const at = text.indexOf(separator(by));
    return at < 0 ? [text, '', ''] : cut(text, at, asText(by));
  }),
  rpartition: ofString(1, 1, (text, [by]) => {
    const at = text.lastIndexOf(separator(by));
    return at < 0 ? ['', '', text] : cut(text, at, asText(by));
  }),
  replace: ofString(2, 2, (text, [old, by], meter) => {
    const pieces = text.split(separator(old));
    meter.make(text.length + (pieces.length - 1) * asText(by).length);
    return pieces.join(asText(by));
  }),
  join: ofString(1, 1, (text, [list = null], meter) => {
    const pieces = elementsOf(list).map((piece) => asText(piece));
    meter.make(pieces.reduce((total, piece) => total + piece.length + text.length, 0));
    return pieces.join(text);
  }),
  format: ofString(0, 100, formatText),
  get: {
    least: 1,
    most: 2,
    value(on, [key, otherwise = null]) {
      if (!isJsonObject(on)) throw new TypeError(`${typeName(on)} has no method get`);
      const name = asText(key);
      return Object.hasOwn(on, name) ? (on[name] ?? null) : otherwise;
    },
  },
};

/** At `by`, else at white space, which counts once however long it is; `most` times at most. */
function split(text: string, by: Json | undefined, most: Json | undefined): string[] {
  const times = timesOf(most);
  if (by === undefined || by === null) return splitAtSpace(text, times);
  const pieces = text.split(separator(by));
  if (pieces.length <= times) return pieces;
  return [...pieces.slice(0, times), pieces.slice(times).join(asText(by))];
}

function splitAtSpace(text: string, times: number): string[] {
  if (times === Number.POSITIVE_INFINITY) return text.match(/\S+/g) ?? [];
  const words: string[] = [];
  let rest = text.trimStart();
  while (rest !== '' && words.length < times) {
    const word = /^\S+/.exec(rest)?.[0] ?? '';
    words.push(word);
    rest = rest.slice(word.length).trimStart();
  }
  return rest === '' ? words : [...words, rest];
}

/** The same from the end. */
function rsplit(text: string, by: Json | undefined, most: Json | undefined): string[] {
  const turn = (each: string): string => each.split('').toReversed().join('');
  const from = by === undefined || by === null ? null : turn(separator(by));
  return split(turn(text), from, most).map(turn).toReversed();
}

function timesOf(most: Json | undefined): number {
  const times = most === undefined ? -1 : numberOf(most);
  if (times !== null && Number.isInteger(times))
    return times < 0 ? Number.POSITIVE_INFINITY : times;
  throw new TypeError(`a count is a whole number, not ${typeName(most)}`);
}

function asText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`expected a string, got ${typeName(value)}`);
}

function separator(value: Json | undefined): string {
  const text = asText(value);
  if (text === '') throw new TypeError('the separator is empty');
  return text;
}

function cut(text: string, at: number, by: string): Json {
  return [text.slice(0, at), by, text.slice(at + by.length)];
}

function stripStart(text: string, of: Json | undefined): string {
  const strips = stripper(of);
  let start = 0;
  for (const character of text) {
    if (!strips(character)) break;
    start += character.length;
  }
  return text.slice(start);
}

function stripEnd(text: string, of: Json | undefined): string {
  const strips = stripper(of);
  let end = text.length;
  while (end > 0) {
    // Of a character that takes two places, this one is the second.
    const isSecond = /[\udc00-\udfff]/.test(text.charAt(end - 1)) && end > 1;
    const start = isSecond ? end - 2 : end - 1;
    if (!strips(text.slice(start, end))) break;
    end = start;
  }
  return text.slice(0, end);
}

function stripper(of: Json | undefined): (character: string) => boolean {
  if (of === undefined || of === null) return (character) => /\s/.test(character);
  const characters = new Set(asText(of));
  return (character) => characters.has(character);
}

/** Fills `{}` and `{0}`; `{{` and `}}` stand for braces. Other fields are refused. */
function formatText(text: string, given: Json[], meter: WorkMeter): string {
  let next = 0;
  let length = text.length;
  return text.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (found, field: string | undefined) => {
    if (found === '{{' || found === '}}') return found.charAt(0);
    if (field === undefined || !/^\d{0,3}$/.test(field)) {
      throw new TypeError(`format knows {} and {0}, not ${found}`);
    }
    const index = field === '' ? next++ : Number(field);
    const value = given[index];
    if (value === undefined) throw new TypeError(`format has no argument ${index}`);
    const filled = toText(value, meter);
    length += filled.length;
    meter.make(length);
    return filled;
  });
}
