import { redacted } from '@interpulse/domain/flow/redact.ts';
import { fewestCharacters } from '@interpulse/domain/hide-words.ts';
import { limits } from '@interpulse/domain/limits.ts';

/** A part of a log as its bytes come, of which some are private. */
export interface LogPiece {
  /** What stands before it, as far as a word may begin there: see {@link bytesBefore}. */
  before: Uint8Array;
  bytes: Uint8Array;
  /** Nothing follows any more. */
  isLast: boolean;
}

/**
 * The words that are looked for, as bytes: very short ones would be found everywhere, and what is
 * longer than an answer is in none.
 */
export function wordsInLog(words: readonly string[]): Buffer[] {
  return words
    .filter((word) => word.length >= fewestCharacters)
    .map((word) => Buffer.from(word))
    .filter((word) => word.length < limits.logTailBytes / 2);
}

/** How much of what stands before a piece must be known: a word may have begun there. */
export function bytesBefore(words: readonly Buffer[]): number {
  return Math.max(0, ...words.map((word) => word.length - 1));
}

/**
 * A piece of a log without private words, wherever it was cut, and how many of its bytes are told
 * by that: the beginning of a word at its end waits for what follows.
 */
export function hideInLog(
  { before, bytes, isLast }: LogPiece,
  words: readonly Buffer[],
): { shown: Buffer; usedBytes: number } {
  const all = Buffer.concat([before, bytes]);
  const found = findWords(all, words);
  const end = isLast ? all.length : Math.max(before.length, endBeforeWord(all, words));
  const parts: Buffer[] = [];
  let at = before.length;
  for (const { from, to } of found) {
    if (to <= at || from >= end) continue;
    parts.push(all.subarray(at, Math.max(at, from)), Buffer.from(redacted));
    at = to;
  }
  parts.push(all.subarray(at, Math.max(at, end)));
  return { shown: Buffer.concat(parts), usedBytes: Math.max(at, end) - before.length };
}

/** Where words stand; those that overlap are one. */
function findWords(all: Buffer, words: readonly Buffer[]): { from: number; to: number }[] {
  const places = words.flatMap((word) => {
    const found: { from: number; to: number }[] = [];
    for (let at = all.indexOf(word); at >= 0; at = all.indexOf(word, at + 1)) {
      found.push({ from: at, to: at + word.length });
    }
    return found;
  });
  const merged: { from: number; to: number }[] = [];
  for (const place of places.toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last === undefined || place.from >= last.to) merged.push({ ...place });
    else last.to = Math.max(last.to, place.to);
  }
  return merged;
}

/** Where the longest beginning of a word at the end begins. */
function endBeforeWord(all: Buffer, words: readonly Buffer[]): number {
  const begins = words.map((word) => {
    for (let at = Math.max(0, all.length - word.length + 1); at < all.length; at += 1) {
      if (word.subarray(0, all.length - at).equals(all.subarray(at))) return at;
    }
    return all.length;
  });
  return Math.min(all.length, ...begins);
}
