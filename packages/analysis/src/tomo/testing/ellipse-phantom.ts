/** An ellipse of even density; lengths in half widths of the picture. */
export interface Ellipse {
  density: number;
  semiAxisX: number;
  semiAxisY: number;
  centerX: number;
  centerY: number;
  tiltRadians: number;
}

const degree = Math.PI / 180;

/** The head phantom of Shepp & Logan (IEEE TNS 21, 1974) with the contrasts of Toft (1996). */
export const sheppLogan: readonly Ellipse[] = (
  [
    [1, 0.69, 0.92, 0, 0, 0],
    [-0.8, 0.6624, 0.874, 0, -0.0184, 0],
    [-0.2, 0.11, 0.31, 0.22, 0, -18],
    [-0.2, 0.16, 0.41, -0.22, 0, 18],
    [0.1, 0.21, 0.25, 0, 0.35, 0],
    [0.1, 0.046, 0.046, 0, 0.1, 0],
    [0.1, 0.046, 0.046, 0, -0.1, 0],
    [0.1, 0.046, 0.023, -0.08, -0.605, 0],
    [0.1, 0.023, 0.023, 0, -0.606, 0],
    [0.1, 0.023, 0.046, 0.06, -0.605, 0],
  ] as const
).map(([density, semiAxisX, semiAxisY, centerX, centerY, tilt]) => ({
  density,
  semiAxisX,
  semiAxisY,
  centerX,
  centerY,
  tiltRadians: tilt * degree,
}));

/**
 * Exact line integrals in pixels: 2ρAB·sqrt(a² - (s - s0)²)/a² with a² = A²cos²(θ-φ) + B²sin²(θ-φ)
 * and s0 = x0 cos θ + y0 sin θ.
 *
 * @param centerColumn Where the axis falls, in pixels from the centre of column 0.
 * @returns float32[angles, columns].
 */
export function projectEllipses(
  ellipses: readonly Ellipse[],
  anglesRadians: Float64Array,
  columns: number,
  centerColumn: number,
): Float32Array {
  const scale = columns / 2;
  const sinogram = new Float32Array(anglesRadians.length * columns);
  for (const [angle, theta] of anglesRadians.entries()) {
    for (const each of ellipses) {
      const turned = theta - each.tiltRadians;
      const reach =
        (each.semiAxisX * Math.cos(turned)) ** 2 + (each.semiAxisY * Math.sin(turned)) ** 2;
      const middle = each.centerX * Math.cos(theta) + each.centerY * Math.sin(theta);
      const height = (2 * each.density * each.semiAxisX * each.semiAxisY * scale) / reach;
      for (let column = 0; column < columns; column += 1) {
        const distance = (column - centerColumn) / scale - middle;
        const inside = reach - distance * distance;
        const at = angle * columns + column;
        if (inside > 0) sinogram[at] = sinogram[at]! + height * Math.sqrt(inside);
      }
    }
  }
  return sinogram;
}

/** Density at (x, y) in half widths: the sum of the ellipses that hold the point. */
export function densityAt(ellipses: readonly Ellipse[], x: number, y: number): number {
  let density = 0;
  for (const each of ellipses) {
    const [dx, dy] = [x - each.centerX, y - each.centerY];
    const [cos, sin] = [Math.cos(each.tiltRadians), Math.sin(each.tiltRadians)];
    const u = (dx * cos + dy * sin) / each.semiAxisX;
    const v = (dy * cos - dx * sin) / each.semiAxisY;
    if (u * u + v * v <= 1) density += each.density;
  }
  return density;
}
