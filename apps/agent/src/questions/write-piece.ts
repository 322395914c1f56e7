import { constants } from 'node:fs';
import { open, readFile, rename, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Question } from '@interpulse/api/agent-messages/questions.ts';
import { fileFault } from '@interpulse/adapters/mover/file-fault.ts';
import { partPath } from '@interpulse/adapters/mover/part-file.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { baseName } from '@interpulse/domain/location.ts';
import type { Collections } from '../collections/collections.ts';

type WriteQuestion = Extract<Question, { ask: 'writeFile' }>;

/**
 * Writes a piece of a small file. The file appears under its name with its last piece; one that is
 * there already stays, and must be the same. Gives the size so far.
 *
 * @throws DomainError `conflict` when another file has the name, `forbidden` in a collection that
 * is read-only, `invalid` for pieces that do not fit together.
 */
export async function writePiece(
  { location, writeId, offsetBytes, sizeBytes }: WriteQuestion,
  piece: Uint8Array,
  collections: Collections,
): Promise<number> {
  if (location.endsWith('/')) throw new DomainError('invalid', `${location} names a folder`);
  const written = offsetBytes + piece.length;
  if (written > sizeBytes) {
    throw new DomainError('invalid', `writing ${location}: a piece goes beyond the file's size`);
  }
  const folder = await collections.makeFolder(`${dirname(location)}/`.replace(/\/+$/, '/'));
  const path = join(folder, baseName(location));
  const part = partPath(path, writeId);
  try {
    const fresh = offsetBytes === 0 ? constants.O_CREAT | constants.O_TRUNC : 0;
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | fresh;
    const handle = await open(part, flags, 0o644);
    await writeAll(handle, piece, { offsetBytes, isLast: written === sizeBytes });
    if (written === sizeBytes) await appear(part, path, location);
  } catch (error) {
    await unlink(part).catch(() => undefined);
    throw fileFault(error, 'writing', location);
  }
  return written;
}

async function writeAll(
  handle: FileHandle,
  piece: Uint8Array,
  { offsetBytes, isLast }: { offsetBytes: number; isLast: boolean },
): Promise<void> {
  try {
    const { size } = await handle.stat();
    if (size !== offsetBytes) throw new DomainError('conflict', 'a piece before it is missing');
    await handle.writeFile(piece);
    if (isLast) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Never over what others have put there. */
async function appear(part: string, path: string, location: string): Promise<void> {
  const present = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (present === null) return rename(part, path);
  const isSame = present.equals(await readFile(part));
  await unlink(part);
  if (isSame) return;
  const message = `writing ${location}: another file has this name; write under a name of its own`;
  throw new DomainError('conflict', message);
}
