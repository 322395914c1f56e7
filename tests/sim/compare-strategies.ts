import { drawArrivals } from './draw-arrivals.ts';
import { simulateDay, type DayResult } from './simulate-day.ts';

/** The same arrivals, placed in three ways. */
export interface Comparison {
  seed: number;
  roundRobin: DayResult;
  shortestBacklog: DayResult;
  earliestFinish: DayResult;
  /** Work done by its deadline, as ratios. */
  backlogOverRoundRobin: number;
  finishOverBacklog: number;
}

/** Simulates one draw of arrivals with each strategy. */
export function compareStrategies(seed: number, hours: number): Comparison {
  const arrivals = drawArrivals(seed, hours);
  const roundRobin = simulateDay(arrivals, 'roundRobin', seed);
  const shortestBacklog = simulateDay(arrivals, 'shortestBacklog', seed);
  const earliestFinish = simulateDay(arrivals, 'earliestFinish', seed);
  return {
    ...{ seed, roundRobin, shortestBacklog, earliestFinish },
    backlogOverRoundRobin: shortestBacklog.inTime / roundRobin.inTime,
    finishOverBacklog: earliestFinish.inTime / shortestBacklog.inTime,
  };
}
