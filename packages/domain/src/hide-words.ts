import { redacted } from './flow/redact.ts';
import { isJsonObject, measureJson, type Json, type JsonTrail } from './json.ts';

/** Shorter words stay in what a program says: they would be found in every sentence. */
export const fewestCharacters = 4;

/** So many words are looked for. */
export const mostWords = 1000;

/** Lists and objects are looked for as a whole up to so many bytes, beyond only what is in them. */
const wholeBytes = 64 * 1024;

/** A text without private words; all of it is hidden when there are too many to look for. */
export function hideWords(text: string, words: readonly string[]): string {
  if (words.length > mostWords) return redacted;
  return words
    .filter((word) => word.length >= fewestCharacters)
    .reduce((rest, word) => rest.replaceAll(word, redacted), text);
}

/** A value without private words in its texts; its names stay. */
export function hideWordsIn(value: Json, words: readonly string[]): Json {
  if (typeof value === 'string') return hideWords(value, words);
  if (Array.isArray(value)) return value.map((inner) => hideWordsIn(inner, words));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(([name, inner]) => [name, hideWordsIn(inner, words)]);
  return Object.fromEntries(members) as Json;
}

/** What lies at these paths, as it may be found in texts, the longest first. */
export function wordsAt(value: Json, paths: readonly JsonTrail[]): string[] {
  const words = new Set<string>();
  for (const path of paths) collect(at(value, path), words);
  return [...words].toSorted((a, b) => b.length - a.length);
}

function at(whole: Json, path: JsonTrail): Json | undefined {
  let value: Json | undefined = whole;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isJsonObject(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

/** What stands for nothing in particular is no secret. */
function collect(value: Json | undefined, words: Set<string>): void {
  if (value === undefined || value === null || typeof value === 'boolean' || value === '') return;
  if (typeof value !== 'object') words.add(String(value));
  else {
    const isShort = measureJson(value, wholeBytes, wholeBytes).sizeBytes <= wholeBytes;
    if (isShort) words.add(JSON.stringify(value));
    for (const inner of Object.values(value)) collect(inner, words);
  }
}
