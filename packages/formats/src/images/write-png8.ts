import { writeFileSync } from 'node:fs';
import { encode } from 'fast-png';

/**
 * An 8-bit grey PNG.
 *
 * @param grey uint8[rows, columns], row-major.
 * @throws RangeError when the values do not fill the shape.
 */
export function encodePng8(grey: Uint8Array, rows: number, columns: number): Uint8Array {
  if (grey.length !== rows * columns || grey.length === 0) {
    throw new RangeError(`A picture of ${rows} x ${columns} cannot hold ${grey.length} values.`);
  }
  return encode({ width: columns, height: rows, data: grey, depth: 8, channels: 1 });
}

/** Writes {@link encodePng8} to a file, replacing it. */
export function writePng8(path: string, grey: Uint8Array, rows: number, columns: number): void {
  writeFileSync(path, encodePng8(grey, rows, columns));
}
