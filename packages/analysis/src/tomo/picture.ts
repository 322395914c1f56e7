/** An 8-bit grey picture. */
export interface Picture {
  rows: number;
  columns: number;
  /** uint8[rows, columns]. */
  grey: Uint8Array;
}

/** The largest side of a preview: enough for a screen, and a PNG below the hub's limit. */
const largestSide = 640;
/** Shares of the values inside the circle that are shown black and white. */
const [darkestShare, brightestShare] = [0.005, 0.998];

/**
 * A reconstructed slice as people look at it: values between two percentiles of the inscribed
 * circle from black to white, black outside the circle, which not all angles have seen.
 *
 * @param image float32[size, size].
 */
export function toPicture(image: Float32Array, size: number): Picture {
  const factor = Math.ceil(size / largestSide);
  const side = Math.floor(size / factor);
  const values = binImage(image, size, factor, side);
  const inside = values.filter((_, i) => isInside(i, side) && Number.isFinite(values[i]!)).sort();
  const at = (share: number): number => inside[Math.floor(share * (inside.length - 1))] ?? 0;
  const [low, high] = [at(darkestShare), at(brightestShare)];
  const scale = high > low ? 255 / (high - low) : 0;
  const grey = Uint8Array.from(values, (value, i) =>
    isInside(i, side) ? Math.min(255, Math.max(0, Math.round((value - low) * scale))) : 0,
  );
  return { rows: side, columns: side, grey };
}

function isInside(index: number, side: number): boolean {
  const x = (index % side) + 0.5 - side / 2;
  const y = Math.floor(index / side) + 0.5 - side / 2;
  return x * x + y * y < (side * side) / 4;
}

function binImage(image: Float32Array, size: number, factor: number, side: number): Float32Array {
  const binned = new Float32Array(side * side);
  for (let row = 0; row < side * factor; row += 1) {
    for (let column = 0; column < side * factor; column += 1) {
      const to = Math.floor(row / factor) * side + Math.floor(column / factor);
      binned[to] = binned[to]! + image[row * size + column]! / (factor * factor);
    }
  }
  return binned;
}
