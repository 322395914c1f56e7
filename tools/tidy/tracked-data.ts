import type { Rule } from './rule.ts';

const maxSizeBytes = 1_500_000;
const minComparedBytes = 10_000;

/** A clone stays quick. */
export const fileSize: Rule = {
  name: 'no file is larger than 1.5 MB',
  check: (file) => {
    if (file.sizeBytes <= maxSizeBytes) return [];
    return [{ line: 1, message: `${(file.sizeBytes / 1e6).toFixed(1)} MB` }];
  },
};

/** Reads lines `SHA256  PATH`; the answer leads from the sum to the path. */
export function readSums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{64})[ *]+(.+)$/.exec(line);
    if (match?.[1] && match[2]) sums.set(match[1], match[2]);
  }
  return sums;
}

/** Data of others has its own licences and stays beside the project. */
export function noSharedData(sums: ReadonlyMap<string, string>): Rule {
  return {
    name: 'no file is a copy of the data beside the project',
    check: (file) => {
      const origin = file.sizeBytes > minComparedBytes ? sums.get(file.sha256) : undefined;
      // The text of a licence is there to be copied.
      if (origin?.startsWith('licences/')) return [];
      return origin === undefined ? [] : [{ line: 1, message: `is ${origin}` }];
    },
  };
}
