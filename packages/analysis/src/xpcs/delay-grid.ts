import { DomainError } from '@interpulse/domain/error.ts';

/** One delay of the multi-tau scheme. */
export interface Delay {
  /** Frames are averaged in pairs this many times before they are correlated. */
  level: number;
  /** In frames of the series; a multiple of 2^level. */
  frames: number;
}

/**
 * The delays of the multi-tau scheme: steps of one frame up to twice `delaysPerLevel`, then
 * `delaysPerLevel` for each doubling of the step, as long as a delay fits in the series.
 *
 * @param maximumLevel stops earlier; left out, all levels that fit.
 * @throws DomainError `invalid` below two frames or without a whole positive `delaysPerLevel`.
 */
export function delayGrid(frames: number, delaysPerLevel: number, maximumLevel?: number): Delay[] {
  if (!Number.isInteger(frames) || frames < 2) {
    throw new DomainError('invalid', `cannot correlate ${frames} frames; at least 2 are needed`);
  }
  if (!Number.isInteger(delaysPerLevel) || delaysPerLevel < 1) {
    const text = `cannot use ${delaysPerLevel} delays per level; give a whole number from 1`;
    throw new DomainError('invalid', text);
  }
  const fitting = highestLevel(frames, delaysPerLevel);
  const levels = Math.min(fitting, maximumLevel ?? fitting);
  const delays: Delay[] = [];
  let delay = 0;
  for (let level = 0; level <= levels; level += 1) {
    const step = 2 ** level;
    const count = level === 0 ? 2 * delaysPerLevel : delaysPerLevel;
    for (let index = 0; index < count && delay + 2 * step <= frames; index += 1) {
      delay += step;
      delays.push({ level, frames: delay });
    }
  }
  return delays;
}

function highestLevel(frames: number, delaysPerLevel: number): number {
  if (frames < 2 * delaysPerLevel) return 0;
  const halvings = Math.floor(Math.log2(frames) - Math.log2(1 + 1 / delaysPerLevel));
  return Math.max(0, Math.floor(halvings - Math.log2(delaysPerLevel)));
}
