import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import type { ImageSeries } from '../image-series/image-series.ts';
import { decodePng } from './decode-png.ts';
import { countTiffPages, decodeTiff } from './decode-tiff.ts';
import type { GreyImage } from './grey-image.ts';
import { listImageFiles, type ImageFiles } from './list-image-files.ts';

/** Reads the pages of the files of a stack, keeping the bytes of the file read last. */
class PageReader {
  readonly #kind: ImageFiles['kind'];
  #path = '';
  #bytes: Uint8Array = new Uint8Array();

  constructor(kind: ImageFiles['kind']) {
    this.#kind = kind;
  }

  read(path: string, page: number): GreyImage {
    this.#load(path);
    return this.#kind === 'png'
      ? decodePng(this.#bytes, basename(path))
      : decodeTiff(this.#bytes, page, basename(path));
  }

  countPages(path: string): number {
    if (this.#kind === 'png') return 1;
    this.#load(path);
    return countTiffPages(this.#bytes, basename(path));
  }

  #load(path: string): void {
    if (path === this.#path) return;
    try {
      this.#bytes = readFileSync(path);
      this.#path = path;
    } catch (cause) {
      throw new DomainError(
        'invalid',
        `Reading ${path}: the file cannot be read. Check that it is there, that you may read it ` +
          'and, for a TIFF above 2 GB, split it.',
        { cause },
      );
    }
  }
}

/**
 * Opens a folder of PNG or TIFF files (sorted by the numbers in their names) or one file, which may
 * be a TIFF of many pages, as one series. The first picture sets the shape and the type, and the
 * first file the number of pages of every file; each further one is checked when it is read.
 *
 * @throws DomainError `notFound` or `invalid`, naming the file.
 */
export function openImageStack(path: string): ImageSeries {
  const { kind, paths } = listImageFiles(path);
  const reader = new PageReader(kind);
  const firstName = basename(paths[0]!);
  const pages = reader.countPages(paths[0]!);
  const { rows, columns, dtype } = reader.read(paths[0]!, 0);
  const frames = paths.length * pages;
  let open = true;

  function readOne(frame: number): GreyImage {
    const file = paths[Math.floor(frame / pages)]!;
    const name = basename(file);
    if (frame % pages === 0 && reader.countPages(file) !== pages) {
      throw new DomainError(
        'invalid',
        `Reading ${name}: it has ${reader.countPages(file)} pages where ${firstName} has ` +
          `${pages}. Files of one stack hold the same number.`,
      );
    }
    const image = reader.read(file, frame % pages);
    if (image.rows !== rows || image.columns !== columns || image.dtype !== dtype) {
      throw new DomainError(
        'invalid',
        `Reading ${name}: ${image.rows} x ${image.columns} ${image.dtype} where ${firstName} is ` +
          `${rows} x ${columns} ${dtype}. Take the odd one out of the stack.`,
      );
    }
    return image;
  }

  return {
    layout: 'images',
    frames,
    rows,
    columns,
    dtype,
    metadata: {},
    readFrames(first, count) {
      const whole = Number.isInteger(first) && Number.isInteger(count);
      if (!open || !whole || first < 0 || count < 0 || first + count > frames) {
        throw new DomainError(
          'invalid',
          open
            ? `Reading frames ${first} to ${first + count} of ${path}: it has ${frames}.`
            : `Reading ${path}: the stack was closed.`,
        );
      }
      const values = new Float32Array(count * rows * columns);
      for (let i = 0; i < count; i += 1) values.set(readOne(first + i).data, i * rows * columns);
      return values;
    },
    close() {
      open = false;
    },
  };
}
