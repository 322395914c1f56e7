import { makeId, type IdPrefix } from '@interpulse/domain/id.ts';
import { fromMilliseconds, type Instant } from '@interpulse/domain/time.ts';

/** What the pretend instrument does: a shot every period, from a first one in the past. */
export interface StoryOptions {
  periodSeconds: number;
  firstNumber: number;
  firstAtMilliseconds: number;
  /** What shall become of single shots, whatever their number says. */
  fates: Map<number, Fate>;
}

/** What becomes of a shot. */
export type Fate = 'inTime' | 'late' | 'failed';

/** Everything that happens to one shot, all instants known beforehand. */
export interface ShotStory {
  number: number;
  fate: Fate;
  site: 'alpha' | 'beta';
  takenAt: Instant;
  deadlineAt: Instant;
  runStartedAt: Instant;
  moveStartedAt: Instant;
  movedAt: Instant;
  jobPlacedAt: Instant;
  jobReadyAt: Instant;
  jobStartedAt: Instant;
  jobEndedAt: Instant;
  publishedAt: Instant;
  returnStartedAt: Instant;
  returnedAt: Instant;
  ids: {
    raw: string;
    result: string;
    flowRun: string;
    job: string;
    transferIn: string;
    transferBack: string;
  };
}

/** A fraction from 0 to 1 that depends on nothing but the two numbers. */
export function jitter(number: number, salt: number): number {
  const value = Math.sin(number * 12.9898 + salt * 78.233) * 43_758.5453;
  return value - Math.floor(value);
}

/** An id that depends on nothing but its arguments. */
export function fixedId<P extends IdPrefix>(prefix: P, milliseconds: number, seed: number) {
  const random = Uint8Array.from({ length: 10 }, (_, index) => 256 * jitter(seed, index + 1));
  return makeId(prefix, milliseconds, random);
}

/** The story of a shot: most are answered well before the next, some late, some fail. */
export function tellShot(options: StoryOptions, number: number): ShotStory {
  const { periodSeconds } = options;
  const taken = options.firstAtMilliseconds + (number - options.firstNumber) * periodSeconds * 1000;
  const usualFate = number % 23 === 7 ? 'failed' : number % 13 === 4 ? 'late' : 'inTime';
  const fate = options.fates.get(number) ?? usualFate;
  /** An instant as a part of the period after the shot. */
  const after = (part: number) => fromMilliseconds(Math.round(taken + part * periodSeconds * 1000));
  const wait = fate === 'late' ? 0.62 : 0.015 + 0.02 * jitter(number, 1);
  const moved = 0.1 + 0.05 * jitter(number, 2);
  const started = moved + 0.02 + wait;
  const ended = started + 0.2 + 0.12 * jitter(number, 3) + (fate === 'late' ? 0.15 : 0);
  const id = <P extends IdPrefix>(prefix: P, salt: number) =>
    fixedId(prefix, Math.round(taken), number * 10 + salt);
  return {
    number,
    fate,
    site: number % 5 === 2 ? 'beta' : 'alpha',
    takenAt: after(0),
    deadlineAt: after(1),
    runStartedAt: after(0.015),
    moveStartedAt: after(0.02),
    movedAt: after(moved),
    jobPlacedAt: after(moved + 0.005),
    jobReadyAt: after(moved + 0.01),
    jobStartedAt: after(started),
    jobEndedAt: after(ended),
    publishedAt: after(ended + 0.01),
    returnStartedAt: after(ended + 0.015),
    returnedAt: after(ended + 0.05),
    ids: {
      raw: id('dataset', 1),
      result: id('dataset', 2),
      flowRun: id('flowrun', 3),
      job: id('job', 4),
      transferIn: id('transfer', 5),
      transferBack: id('transfer', 6),
    },
  };
}
