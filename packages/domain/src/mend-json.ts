import { isJsonObject } from './json.ts';

/** What stands for a character that cannot be stored. */
const replacement = '\u{fffd}';

/**
 * A value with all of its texts and numbers as they can be stored: programs write what they like
 * to stderr, and 1e999 is a number in JSON. The same object when there is nothing to mend.
 */
export function mendJson<T>(value: T): T {
  return mend(value) as T;
}

function mend(value: unknown): unknown {
  if (typeof value === 'string') return mendText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) {
    const mended = value.map(mend);
    return mended.every((item, index) => item === value[index]) ? value : mended;
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value);
  const mended = entries.map(([name, item]) => [mendText(name), mend(item)] as const);
  const isSame = mended.every(([name, item], index) => {
    return name === entries[index]?.[0] && item === entries[index][1];
  });
  return isSame ? value : Object.fromEntries(mended);
}

function mendText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', replacement) : wellFormed;
}
