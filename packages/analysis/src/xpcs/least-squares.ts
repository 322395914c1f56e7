/** A non-linear least-squares problem. */
export interface LeastSquaresProblem {
  /** Writes the model at all points for some parameters. */
  model: (parameters: Float64Array, target: Float64Array) => void;
  y: Float64Array;
  /** One standard deviation of each y. */
  sigma: Float64Array;
  initial: readonly number[];
  lower: readonly number[];
  upper: readonly number[];
}

/** The best parameters found, with errors from the covariance. */
export interface LeastSquaresSolution {
  parameters: Float64Array;
  /** One standard deviation; NaN where the data do not determine the parameters. */
  errors: Float64Array;
  chiSquared: number;
  degreesOfFreedom: number;
  hasConverged: boolean;
}

const maximumIterations = 200;
const tolerance = 1e-10;

/**
 * Levenberg and Marquardt's method with bounds (parameters are clipped to them) and numerical
 * derivatives. Errors are scaled by the root of the reduced χ² where that is above 1.
 */
export function leastSquares(problem: LeastSquaresProblem): LeastSquaresSolution {
  const count = problem.initial.length;
  let parameters = clip(Float64Array.from(problem.initial), problem);
  let chiSquared = cost(problem, parameters);
  let damping = 1e-3;
  let hasConverged = false;
  for (let round = 0; round < maximumIterations && !hasConverged; round += 1) {
    const { normal, gradient } = normalEquations(problem, parameters);
    let isImproved = false;
    for (let attempt = 0; attempt < 12 && !isImproved; attempt += 1) {
      const damped = normal.slice();
      for (let i = 0; i < count; i += 1) damped[i * count + i]! *= 1 + damping;
      const step = solve(damped, gradient);
      const trial = clip(
        parameters.map((value, i) => value + (step?.[i] ?? 0)),
        problem,
      );
      const trialCost = cost(problem, trial);
      if (step !== undefined && trialCost <= chiSquared) {
        hasConverged = chiSquared - trialCost <= tolerance * (1 + chiSquared);
        [parameters, chiSquared, isImproved] = [trial, trialCost, true];
        damping = Math.max(1e-12, damping / 9);
      } else damping *= 7;
    }
    if (!isImproved) hasConverged = true;
  }
  const degreesOfFreedom = Math.max(0, problem.y.length - count);
  const scale = Math.sqrt(Math.max(1, degreesOfFreedom > 0 ? chiSquared / degreesOfFreedom : 1));
  const { normal } = normalEquations(problem, parameters);
  const errors = Float64Array.from({ length: count }, (_, i) => {
    const unit = new Float64Array(count);
    unit[i] = 1;
    const variance = solve(normal, unit)?.[i] ?? Number.NaN;
    return variance > 0 ? Math.sqrt(variance) * scale : Number.NaN;
  });
  return { parameters, errors, chiSquared, degreesOfFreedom, hasConverged };
}

function clip(parameters: Float64Array, { lower, upper }: LeastSquaresProblem): Float64Array {
  return parameters.map((value, i) => Math.min(upper[i]!, Math.max(lower[i]!, value)));
}

function cost(problem: LeastSquaresProblem, parameters: Float64Array): number {
  const model = new Float64Array(problem.y.length);
  problem.model(parameters, model);
  const sum = model.reduce((total, value, point) => {
    const deviation = (problem.y[point]! - value) / problem.sigma[point]!;
    return total + deviation * deviation;
  }, 0);
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}

function normalEquations(
  problem: LeastSquaresProblem,
  parameters: Float64Array,
): { normal: Float64Array; gradient: Float64Array } {
  const count = parameters.length;
  const points = problem.y.length;
  const model = new Float64Array(points);
  problem.model(parameters, model);
  const columns = Array.from(parameters, (value, i) => {
    const step = 1e-6 * Math.max(1e-3, Math.abs(value));
    const [above, below] = [new Float64Array(points), new Float64Array(points)];
    problem.model(parameters.with(i, value + step), above);
    problem.model(parameters.with(i, value - step), below);
    return above.map((each, k) => (each - below[k]!) / (2 * step) / problem.sigma[k]!);
  });
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  const residual = model.map((value, k) => (problem.y[k]! - value) / problem.sigma[k]!);
  const normal = new Float64Array(count * count);
  columns.forEach((a, i) => columns.forEach((b, j) => (normal[i * count + j] = dot(a, b))));
  return { normal, gradient: Float64Array.from(columns, (column) => dot(column, residual)) };
}

/** Gauss elimination with pivots of a small symmetric system; undefined when it is singular. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array | undefined {
  const count = right.length;
  const rows = Array.from({ length: count }, (_, i) => [
    ...matrix.subarray(i * count, (i + 1) * count),
    right[i]!,
  ]);
  const diagonal = rows.map((row, i) => Math.abs(row[i]!));
  for (let i = 0; i < count; i += 1) {
    let best = i;
    for (let j = i + 1; j < count; j += 1) {
      if (Math.abs(rows[j]![i]!) > Math.abs(rows[best]![i]!)) best = j;
    }
    [rows[i], rows[best]] = [rows[best]!, rows[i]!];
    const pivot = rows[i]![i]!;
    if (!(Math.abs(pivot) > 1e-13 * diagonal[i]!)) return undefined;
    for (let j = 0; j < count; j += 1) {
      if (j === i) continue;
      const factor = rows[j]![i]! / pivot;
      for (let k = i; k <= count; k += 1) rows[j]![k] = rows[j]![k]! - factor * rows[i]![k]!;
    }
  }
  return Float64Array.from(rows, (row, i) => row[count]! / row[i]!);
}
