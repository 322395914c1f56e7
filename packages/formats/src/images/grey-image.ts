import { DomainError } from '@interpulse/domain/error.ts';

/** One picture of one channel, as stored. */
export interface GreyImage {
  rows: number;
  columns: number;
  dtype: 'uint8' | 'uint16' | 'int8' | 'int16' | 'float32' | 'float64';
  /** [rows, columns], row-major. */
  data: Uint8Array | Uint16Array | Int8Array | Int16Array | Float32Array | Float64Array;
}

/** Samples as a decoder gives them: [rows, columns, channels]. */
export interface DecodedImage extends GreyImage {
  channels: number;
}

/**
 * Leaves one channel of a decoded picture. An alpha channel is dropped (it carries no counts);
 * colours are read only when red, green and blue are equal everywhere, as programs write that know
 * no grey: mixing true colours would invent intensities.
 *
 * @throws DomainError `invalid` for true colours.
 */
export function toGreyImage(image: DecodedImage, name: string): GreyImage {
  const { rows, columns, dtype, channels, data } = image;
  if (channels === 1) return { rows, columns, dtype, data };
  const grey = data.slice(0, rows * columns);
  for (let i = 0; i < grey.length; i += 1) {
    const value = data[i * channels]!;
    grey[i] = value;
    if (channels < 3) continue;
    if (data[i * channels + 1] !== value || data[i * channels + 2] !== value) {
      throw new DomainError(
        'invalid',
        `Reading ${name}: it is a colour picture, and colours are no intensities. ` +
          'Save it as 8 or 16 bit grey.',
      );
    }
  }
  return { rows, columns, dtype, data: grey };
}
