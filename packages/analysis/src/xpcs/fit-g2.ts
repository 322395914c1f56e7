import type { Delay } from './delay-grid.ts';
import { leastSquares } from './least-squares.ts';

/** What is fitted: one relaxation, or a stretched (or compressed) one. */
export type G2Model = 'single' | 'stretched';

/**
 * Whether a fit can be believed: `tooFast` decays within a frame or two, `tooSlow` does not decay
 * within the series, `illConditioned` leaves the rate undetermined, `noData` had too few points.
 */
export type FitStatus = 'ok' | 'tooFast' | 'tooSlow' | 'illConditioned' | 'noData';

/** One fitted curve; rates per frame. NaN where nothing could be fitted. */
export interface G2Fit {
  status: FitStatus;
  gammaPerFrame: number;
  gammaPerFrameError: number;
  contrast: number;
  contrastError: number;
  baseline: number;
  baselineError: number;
  exponent: number;
  exponentError: number;
  reducedChiSquared: number;
  /** The model at each delay. */
  model: Float64Array;
}

/** Above this rate a curve has lost most of its contrast within one frame. */
const fastestGammaPerFrame = 0.5;
/** exp(-2Γτ) must at least fall this far within the series for Γ and β to be told apart. */
const slowestDecay = 0.2;
const largestRelativeError = 0.5;

/**
 * Fits g2(τ) = b + β·exp(-2(Γτ)^n). For n = 1 the averaging of frames at higher levels is part
 * of the model: at level l, with m = 2^l, the second term is multiplied by
 * [sinh(Γm) / (m·sinh Γ)]².
 *
 * @param g2 one value for each delay; NaN is left out, as are delays without an error.
 */
export function fitG2(
  delays: readonly Delay[],
  g2: Float64Array,
  error: Float64Array,
  model: G2Model,
): G2Fit {
  const points = delays.flatMap((delay, at) =>
    Number.isFinite(g2[at]) && error[at]! > 0 ? [{ delay, y: g2[at]!, sigma: error[at]! }] : [],
  );
  const free = model === 'single' ? 3 : 4;
  if (points.length <= free) return failed(delays.length);
  const used = points.map(({ delay }) => delay);
  const y = Float64Array.from(points, (point) => point.y);
  const tail = y.slice(-Math.max(1, Math.floor(y.length / 5)));
  const baseline = tail.reduce((sum, value) => sum + value, 0) / tail.length;
  const contrast = Math.max(1e-3, y[0]! - baseline);
  const decayed = points.findIndex((point) => point.y - baseline < contrast / Math.E);
  const guess = 1 / (2 * used.at(decayed)!.frames);
  const bounds = {
    lower: [0, 1e-6, Math.log(1e-9), 0.3].slice(0, free),
    upper: [10, 10, Math.log(20), 2].slice(0, free),
  };
  const solutions = [1, 0.2, 5].map((factor) =>
    leastSquares({
      model: (parameters, target) => evaluate(used, parameters, target),
      y,
      sigma: Float64Array.from(points, (point) => point.sigma),
      initial: [baseline, contrast, Math.log(guess * factor), 1].slice(0, free),
      ...bounds,
    }),
  );
  const best = solutions.reduce((a, b) => (b.chiSquared < a.chiSquared ? b : a));
  const { parameters, errors } = best;
  const gamma = Math.exp(parameters[2]!);
  const curve = new Float64Array(delays.length);
  evaluate(delays, parameters, curve);
  return {
    status: judge(gamma, errors[2]!, used.at(-1)!.frames, parameters[1]!),
    gammaPerFrame: gamma,
    gammaPerFrameError: gamma * errors[2]!,
    contrast: parameters[1]!,
    contrastError: errors[1]!,
    baseline: parameters[0]!,
    baselineError: errors[0]!,
    exponent: parameters[3] ?? 1,
    exponentError: errors[3] ?? 0,
    reducedChiSquared: best.chiSquared / Math.max(1, best.degreesOfFreedom),
    model: curve,
  };
}

function judge(gamma: number, logError: number, longest: number, contrast: number): FitStatus {
  if (!(logError <= largestRelativeError) || contrast <= 1.1e-6) return 'illConditioned';
  if (gamma > fastestGammaPerFrame) return 'tooFast';
  if (2 * gamma * longest < slowestDecay) return 'tooSlow';
  return 'ok';
}

/** Parameters: b, β, ln Γ and, for the stretched model, n. */
function evaluate(delays: readonly Delay[], parameters: Float64Array, target: Float64Array): void {
  const [baseline = 1, contrast = 0, logGamma = 0, exponent] = parameters;
  const gamma = Math.exp(logGamma);
  delays.forEach((delay, at) => {
    const decay =
      exponent === undefined
        ? averagedDecay(gamma, delay)
        : Math.exp(-2 * (gamma * delay.frames) ** exponent);
    target[at] = baseline + contrast * decay;
  });
}

/**
 * exp(-2Γτ)·[sinh(Γm) / (m·sinh Γ)]² without overflow: exp(-2Γ(τ-m+1)) times the square of
 * (1 - e^(-2Γm)) / (m·(1 - e^(-2Γ))).
 */
export function averagedDecay(gamma: number, delay: Delay): number {
  const m = 2 ** delay.level;
  if (gamma < 1e-9) return Math.exp(-2 * gamma * delay.frames);
  const ratio = Math.expm1(-2 * gamma * m) / (m * Math.expm1(-2 * gamma));
  return Math.exp(-2 * gamma * (delay.frames - m + 1)) * ratio * ratio;
}

function failed(delays: number): G2Fit {
  const nothing = Number.NaN;
  return {
    status: 'noData',
    gammaPerFrame: nothing,
    gammaPerFrameError: nothing,
    contrast: nothing,
    contrastError: nothing,
    baseline: nothing,
    baselineError: nothing,
    exponent: nothing,
    exponentError: nothing,
    reducedChiSquared: nothing,
    model: new Float64Array(delays).fill(nothing),
  };
}
