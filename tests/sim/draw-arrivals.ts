import { publishedFacility } from './published-facility.ts';
import { randomOf } from './random.ts';

/** A job as it arrives: the same for every strategy. */
export interface Arrival {
  atSeconds: number;
  source: string;
  deadlineSeconds: number;
  /** How far its run and its return are from their medians, in standard deviations. */
  runNormal: number;
  outNormal: number;
}

/** Draws so many hours of arrivals: demand swings as published, its mean is what was published. */
export function drawArrivals(seed: number, hours: number): Arrival[] {
  const { arrivalSeconds, jobsPerMinute, demand, sources, deadlineSeconds } = publishedFacility;
  const random = randomOf(seed);
  const { phaseSeconds, shares } = demand;
  const meanShare = shares.reduce<number>((sum, share) => sum + share, 0) / shares.length;
  const [least, most] = deadlineSeconds;
  const arrivals: Arrival[] = [];
  for (let at = 0; at < hours * 3600; at += arrivalSeconds) {
    const share = shares[Math.floor(at / phaseSeconds) % shares.length] ?? meanShare;
    const mean = ((jobsPerMinute / 60) * arrivalSeconds * share) / meanShare;
    for (let left = random.poisson(mean); left > 0; left -= 1) {
      arrivals.push({
        atSeconds: at,
        source: sources[random.uniform() < 0.5 ? 0 : 1],
        deadlineSeconds: at + least + (most - least) * random.uniform(),
        runNormal: random.normal(),
        outNormal: random.normal(),
      });
    }
  }
  return arrivals;
}
