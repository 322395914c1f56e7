import { DomainError } from '@interpulse/domain/error.ts';
import { urgencies } from '@interpulse/domain/job/urgency.ts';
import type { Json } from '@interpulse/domain/json.ts';

/** Collects an option that may be given several times. */
export function several(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/**
 * Turns `name=value` words into an object of texts.
 * @throws DomainError invalid, for a word without `=`.
 */
export function pairs(words: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
      throw new DomainError('invalid', `"${word}" is not name=value`);
    }),
  );
}

/** Like {@link pairs}; values that are JSON (numbers, true, lists) are taken as such. */
export function jsonPairs(words: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(pairs(words)).map(([name, text]) => [name, jsonOrText(text)]),
  );
}

/** A word as JSON where it is some (a number, true, a list), else as it is. */
export function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** An object without its undefined values, as the client wants it. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/**
 * One of the values that a flag may have; undefined where it was left out.
 * @throws DomainError invalid.
 */
export function oneOf<T extends string, Given extends string | undefined>(
  flag: string,
  choices: readonly T[],
  text: Given,
): T | Extract<Given, undefined> {
  if (text === undefined) return text as Extract<Given, undefined>;
  const given: string = text;
  const found = choices.find((choice) => choice === given);
  if (found !== undefined) return found;
  throw new DomainError('invalid', `${flag} is one of ${choices.join(', ')}, not "${text}"`);
}

/** The value of `--urgency`. @throws DomainError invalid. */
export function readUrgency<Given extends string | undefined>(text: Given) {
  return oneOf('--urgency', urgencies, text);
}
