import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/** Larger files are told apart by size and time: reading them again would cost too long. */
const hashedBytes = 256 * 2 ** 20;

/** What the result file says about its input. */
export function inputFingerprint(path: string): Record<string, string | number> {
  const { size, mtime } = statSync(path);
  const what = { name: basename(path), modified_at: mtime.toISOString() };
  if (!statSync(path).isFile()) return what;
  if (size > hashedBytes) return { ...what, size_bytes: size };
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  return { ...what, size_bytes: size, sha256 };
}
