import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DomainError } from '@interpulse/domain/error.ts';
import type { SimulatedShot, SimulatedXpcsSettings } from './simulated-shot.ts';
import { plantedGamma } from './simulated-shot.ts';

/** A detector that takes XPCS shots of a sample that is not there. */
export interface SimulatedXpcs {
  readonly settings: SimulatedXpcsSettings;
  /**
   * Makes and writes one shot in a thread of its own; the file appears whole.
   *
   * @throws DomainError `unavailable` when it cannot be written.
   */
  writeShot(shot: SimulatedShot): Promise<void>;
  /** The decay rate per frame, at the edge of the largest circle, that a shot is made with. */
  plantedGamma(shotNumber: number): number;
}

/** 128 x 128 pixels, 256 frames: 8.4 MB, whose rates change visibly from shot to shot. */
const defaults: SimulatedXpcsSettings = {
  seed: 1,
  rows: 128,
  columns: 128,
  frames: 256,
  gammaPerFrame: 0.2,
  driftFactor: 1.8,
  driftPeriodShots: 12,
  framePeriodSeconds: 1e-3,
  peakCounts: 30,
  speckleSizePixels: 2,
};

/**
 * A simulated instrument; settings left out have defaults.
 *
 * @throws DomainError `invalid` for settings that no shot could be made with.
 */
export function createSimulatedXpcs(options: Partial<SimulatedXpcsSettings> = {}): SimulatedXpcs {
  const settings = { ...defaults, ...options };
  check(settings);
  return {
    settings,
    writeShot: (shot) => writeInThread(settings, shot),
    plantedGamma: (shotNumber) => plantedGamma(settings, shotNumber),
  };
}

async function writeInThread(settings: SimulatedXpcsSettings, shot: SimulatedShot): Promise<void> {
  const module = new URL('./simulated-xpcs-worker.ts', import.meta.url);
  const worker = new Worker(module, { workerData: { settings, shot } });
  try {
    await once(worker, 'message');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError('unavailable', `cannot write shot ${shot.shotNumber}: ${reason}`, {
      cause,
    });
  } finally {
    await worker.terminate();
  }
}

function check(settings: SimulatedXpcsSettings): void {
  const { rows, columns, frames, seed, gammaPerFrame, driftFactor, driftPeriodShots } = settings;
  const areWhole = [rows, columns, frames, seed].every(Number.isInteger);
  const areLarge = rows >= 16 && columns >= 16 && frames >= 2;
  const others = [settings.framePeriodSeconds, settings.peakCounts, driftFactor, driftPeriodShots];
  const arePositive = others.every((value) => value > 0 && Number.isFinite(value));
  if (
    areWhole &&
    areLarge &&
    arePositive &&
    gammaPerFrame >= 0 &&
    settings.speckleSizePixels >= 1
  ) {
    return;
  }
  throw new DomainError(
    'invalid',
    'cannot simulate XPCS with these settings: rows and columns from 16, frames from 2, ' +
      'a whole seed, a rate that is not negative, speckles from 1 pixel, everything else positive',
  );
}
