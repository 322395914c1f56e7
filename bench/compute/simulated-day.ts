import { compareStrategies, type Comparison } from '../../tests/sim/compare-strategies.ts';

/** Hours of arrivals: a working day. Whole days give the same ratios in three times the time. */
const dayHours = 8;

/** Medians and worst of many simulated days. */
export interface SimulatedDays {
  backlog_over_round_robin: number;
  backlog_over_round_robin_worst: number;
  finish_over_backlog: number;
  finish_over_backlog_worst: number;
}

/**
 * How much more work is done by its deadline, by choosing sites by their backlog instead of in
 * turn, and by the earliest finish instead of the backlog: on three sites of unequal speed as
 * published, the real `placeJobs` seeing only what it could observe (see `tests/sim`).
 */
export function measureSimulatedDay({ seeds }: { seeds: number }): Promise<SimulatedDays> {
  const days = Array.from({ length: seeds }, (_, index) => compareStrategies(index + 1, dayHours));
  const backlog = days.map((day) => day.backlogOverRoundRobin);
  const finish = days.map((day) => day.finishOverBacklog);
  const figures = {
    backlog_over_round_robin: median(backlog),
    backlog_over_round_robin_worst: Math.min(...backlog),
    finish_over_backlog: median(finish),
    finish_over_backlog_worst: Math.min(...finish),
  };
  for (const line of describeDays(days, figures)) console.log(line);
  return Promise.resolve(figures);
}

function describeDays(days: readonly Comparison[], figures: SimulatedDays): string[] {
  const share = (strategy: 'roundRobin' | 'shortestBacklog' | 'earliestFinish'): string => {
    const shares = days.map((day) => day[strategy].inTime / day[strategy].arrived);
    const seconds = median(days.map((day) => day[strategy].meanSeconds));
    return `${(median(shares) * 100).toFixed(1)} % in time, ${seconds.toFixed(0)} s on average`;
  };
  const ratio = (median: number, worst: number): string =>
    `${median.toFixed(3)} in the median, ${worst.toFixed(3)} at worst`;
  const backlog = ratio(figures.backlog_over_round_robin, figures.backlog_over_round_robin_worst);
  const finish = ratio(figures.finish_over_backlog, figures.finish_over_backlog_worst);
  return [
    `  ${days.length} simulated days of ${dayHours} h, seeds 1 to ${days.length}`,
    `  round robin       ${share('roundRobin')}`,
    `  shortest backlog  ${share('shortestBacklog')}`,
    `  earliest finish   ${share('earliestFinish')}`,
    `  backlog over round robin      ${backlog}`,
    `  earliest finish over backlog  ${finish}`,
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
