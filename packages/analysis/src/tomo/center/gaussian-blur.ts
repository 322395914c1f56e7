/**
 * A Gaussian blur with mirrored edges, cut at four standard deviations.
 *
 * @param values float32[rows, columns].
 * @param rowSigma Standard deviation across rows, in rows.
 * @param columnSigma Standard deviation across columns, in columns.
 */
export function gaussianBlur(
  values: Float32Array,
  rows: number,
  columns: number,
  rowSigma: number,
  columnSigma: number,
): Float32Array {
  const down = blurAxis(values, rows, columns, gaussianWeights(rowSigma), columns, rows);
  return blurAxis(down, rows, columns, gaussianWeights(columnSigma), 1, columns);
}

function gaussianWeights(sigma: number): Float64Array {
  const reach = Math.floor(4 * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Blurs along the axis whose neighbours lie `stride` apart and which is `length` long. */
function blurAxis(
  values: Float32Array,
  rows: number,
  columns: number,
  weights: Float64Array,
  stride: number,
  length: number,
): Float32Array {
  const reach = (weights.length - 1) / 2;
  const blurred = new Float32Array(rows * columns);
  for (let i = 0; i < values.length; i += 1) {
    const at = Math.floor(i / stride) % length;
    let sum = 0;
    for (let k = -reach; k <= reach; k += 1) {
      let to = at + k;
      // As often as needed: a short axis may be mirrored more than once.
      while (to < 0 || to >= length) to = to < 0 ? -1 - to : 2 * length - 1 - to;
      sum += weights[k + reach]! * values[i + (to - at) * stride]!;
    }
    blurred[i] = sum;
  }
  return blurred;
}
