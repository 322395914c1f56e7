import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatDuration } from '../format/duration.ts';

/** How a flow run stands to its deadline, in words. */
export interface TimeLeftWords {
  /** Null where it has no deadline and nothing is expected. */
  main: string | null;
  more: string | null;
  isLate: boolean;
}

type Run = Pick<Schemas['FlowRun'], 'deadlineAt' | 'endedAt' | 'status' | 'predictedFinishAt'>;

/** `12 s left` and `done in 5 s`, or `2 s late`; of one that has ended whether it was in time. */
export function timeLeftWords(run: Run, nowMilliseconds: number): TimeLeftWords {
  const { deadlineAt, endedAt, status, predictedFinishAt } = run;
  const untilSeconds = (at: string) => (Date.parse(at) - nowMilliseconds) / 1000;
  if (endedAt !== null) {
    if (deadlineAt === null) return { main: null, more: null, isLate: false };
    const isKept = status === 'SUCCEEDED' && endedAt <= deadlineAt;
    return { main: isKept ? 'kept' : 'missed', more: null, isLate: !isKept };
  }
  // What is overdue may end at any moment: a prediction is as old as the last event.
  const finish = predictedFinishAt === null ? null : Math.max(0, untilSeconds(predictedFinishAt));
  const expected =
    finish === null ? null : finish < 0.5 ? 'done soon' : `done in ${formatDuration(finish)}`;
  if (deadlineAt === null) return { main: expected, more: null, isLate: false };
  const left = untilSeconds(deadlineAt);
  if (left < 0) return { main: `${formatDuration(-left)} late`, more: expected, isLate: true };
  const isLate = finish !== null && finish > left;
  const main = `${formatDuration(left)} left`;
  const more = isLate ? `expected ${formatDuration(finish - left)} late` : expected;
  return { main, more, isLate };
}
