import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';

/** Files of one kind that form a stack. */
export interface ImageFiles {
  kind: 'png' | 'tiff';
  /** In the order of the numbers in their names. */
  paths: string[];
}

const kinds: Readonly<Record<string, ImageFiles['kind']>> = {
  '.png': 'png',
  '.tif': 'tiff',
  '.tiff': 'tiff',
};

/** Compares names so that `frame_9` comes before `frame_10`. */
export const byNumber: (a: string, b: string) => number = new Intl.Collator('en', {
  numeric: true,
}).compare;

/** Whether a name ends like a picture that {@link listImageFiles} takes. */
export function isImageFile(name: string): boolean {
  return kinds[extname(name).toLowerCase()] !== undefined;
}

/**
 * The pictures of a folder, sorted by the numbers in their names, or one file. Hidden files and
 * other kinds of files are passed over.
 *
 * @throws DomainError `notFound` when there is nothing, `invalid` when there are PNG and TIFF.
 */
export function listImageFiles(path: string): ImageFiles {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new DomainError('notFound', `Opening ${path}: there is no such file or folder.`);
  }
  if (!found.isDirectory()) {
    const kind = kinds[extname(path).toLowerCase()];
    if (kind !== undefined) return { kind, paths: [path] };
    throw new DomainError(
      'invalid',
      `Opening ${path}: it is no HDF5 file (NeXus, DXchange), and no picture ` +
        '(.png, .tif, .tiff). Name such a file, or a folder of pictures.',
    );
  }
  const names = readdirSync(path).filter((name) => !name.startsWith('.') && isImageFile(name));
  const first = names[0];
  if (first === undefined) {
    throw new DomainError('notFound', `Opening ${path}: the folder holds no .png, .tif or .tiff.`);
  }
  const kind = kinds[extname(first).toLowerCase()]!;
  const other = names.find((name) => kinds[extname(name).toLowerCase()] !== kind);
  if (other !== undefined) {
    throw new DomainError(
      'invalid',
      `Opening ${path}: it holds PNG and TIFF files (${first}, ${other}). ` +
        'Put the frames of one stack into a folder of their own.',
    );
  }
  return { kind, paths: names.sort(byNumber).map((name) => join(path, name)) };
}
