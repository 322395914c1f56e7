import { readFileSync } from 'node:fs';
import { DomainError } from '@interpulse/domain/error.ts';
import { urgencies } from '@interpulse/domain/job/urgency.ts';
import type { Json } from '@interpulse/domain/json.ts';

/** Collects an option that may be given several times. */
export function several(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/**
 * Reads a JSON file, or standard input for `-`.
 * @throws DomainError invalid, when it cannot be read or is not JSON.
 */
export function readJson(path: string): unknown {
  const name = path === '-' ? 'standard input' : path;
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (cause) {
    throw new DomainError('invalid', `cannot read ${name}: ${(cause as Error).message}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DomainError('invalid', `${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** Reads a JSON object. @throws DomainError invalid. */
export function readJsonObject(path: string): Record<string, unknown> {
  const value = readJson(path);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new DomainError('invalid', `${path} does not hold a JSON object`);
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
  const found = choices.find((choice) => String(choice) === text);
  if (found !== undefined) return found;
  throw new DomainError('invalid', `${flag} is one of ${choices.join(', ')}, not "${text}"`);
}

/** The value of `--urgency`. @throws DomainError invalid. */
export function readUrgency<Given extends string | undefined>(text: Given) {
  return oneOf('--urgency', urgencies, text);
}
