import { decode, pageCount, type TiffIfd } from 'tiff';
import { DomainError } from '@interpulse/domain/error.ts';
import { toGreyImage, type DecodedImage, type GreyImage } from './grey-image.ts';

/** The value of TIFF's SampleFormat tag for two's complement integers. */
const signedInteger = 2;
const paletteColour = 3;

/**
 * How many pictures a TIFF file holds.
 *
 * @throws DomainError `invalid` when the bytes are no TIFF.
 */
export function countTiffPages(bytes: Uint8Array, name: string): number {
  return explained(name, () => pageCount(bytes));
}

/**
 * Decodes one page of a grey TIFF: 8 or 16 bit integers with or without sign, float32 or float64;
 * plain, LZW or deflate; strips or tiles.
 *
 * @param page Counted from 0.
 * @param name Of the file, for messages.
 * @throws DomainError `invalid` when the bytes are no such TIFF.
 */
export function decodeTiff(bytes: Uint8Array, page: number, name: string): GreyImage {
  const where = page === 0 ? name : `${name} (page ${page + 1})`;
  const [ifd] = explained(where, () => decode(bytes, { pages: [page] }));
  if (ifd === undefined)
    throw new DomainError('invalid', `Reading ${where}: there is no such page.`);
  if (ifd.bitsPerSample < 8 || ifd.type === paletteColour) {
    throw new DomainError(
      'invalid',
      `Reading ${where}: ${ifd.type === paletteColour ? 'palette' : `${ifd.bitsPerSample} bit`} ` +
        'pictures are not read. Save it as 8 or 16 bit grey.',
    );
  }
  return toGreyImage(samplesOf(ifd), where);
}

/** The decoder reads signed integers as unsigned ones: the same bits are looked at again. */
function samplesOf(ifd: TiffIfd): DecodedImage {
  const shape = { rows: ifd.height, columns: ifd.width, channels: ifd.samplesPerPixel };
  const data: unknown = ifd.data;
  const signed = ifd.sampleFormat === signedInteger;
  if (data instanceof Float64Array) return { ...shape, dtype: 'float64', data };
  if (data instanceof Float32Array) return { ...shape, dtype: 'float32', data };
  if (data instanceof Uint16Array) {
    return signed
      ? {
          ...shape,
          dtype: 'int16',
          data: new Int16Array(data.buffer, data.byteOffset, data.length),
        }
      : { ...shape, dtype: 'uint16', data };
  }
  const bytes = data as Uint8Array;
  return signed
    ? { ...shape, dtype: 'int8', data: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) }
    : { ...shape, dtype: 'uint8', data: bytes };
}

function explained<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError(
      'invalid',
      `Reading ${name}: this TIFF cannot be decoded (${reason}). Check that it was written to ` +
        'its end; save it as plain, LZW or deflate grey if it is of another kind.',
      { cause },
    );
  }
}
