import { decode } from 'fast-png';
import { DomainError } from '@interpulse/domain/error.ts';
import { toGreyImage, type GreyImage } from './grey-image.ts';

/**
 * Decodes a grey PNG of 8 or 16 bits.
 *
 * @param name Of the file, for messages.
 * @throws DomainError `invalid` when the bytes are no such PNG.
 */
export function decodePng(bytes: Uint8Array, name: string): GreyImage {
  let png: ReturnType<typeof decode>;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw new DomainError(
      'invalid',
      `Reading ${name}: it is not a whole PNG picture. Check that it was written to its end.`,
      { cause },
    );
  }
  if (png.depth < 8 || png.palette !== undefined) {
    throw new DomainError(
      'invalid',
      `Reading ${name}: ${png.palette === undefined ? `${png.depth} bit` : 'palette'} pictures ` +
        'are not read. Save it as 8 or 16 bit grey.',
    );
  }
  const wide = png.data instanceof Uint16Array;
  const decoded = {
    rows: png.height,
    columns: png.width,
    channels: png.channels,
    dtype: wide ? ('uint16' as const) : ('uint8' as const),
    data: wide ? (png.data as Uint16Array) : Uint8Array.from(png.data),
  };
  return toGreyImage(decoded, name);
}
