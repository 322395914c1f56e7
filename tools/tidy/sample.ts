import { createHash } from 'node:crypto';

import type { Rule, TidyFile } from './rule.ts';

/** A file made up for a test of a rule. */
export function sampleFile(path: string, text: string): TidyFile {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { path, text, sizeBytes: Buffer.byteLength(text), sha256 };
}

/** What a rule says about a sample: `line message` for each finding. */
export function complaints(rule: Rule, path: string, text: string): string[] {
  return rule.check(sampleFile(path, text)).map(({ line, message }) => `${line} ${message}`);
}
