import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TidyFile } from './rule.ts';

/** Reads files for the rules; one with a zero byte near its start is not text. */
export function readFiles(root: string, paths: readonly string[]): TidyFile[] {
  return paths
    .filter((path) => lstatSync(join(root, path)).isFile())
    .map((path) => {
      const bytes = readFileSync(join(root, path));
      const isBinary = bytes.subarray(0, 8000).includes(0);
      return {
        path,
        text: isBinary ? '' : bytes.toString('utf8'),
        sizeBytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      };
    });
}
