import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { duration } from '../output/quantities.ts';

type Run = Pick<Schemas['FlowRun'], 'deadlineAt' | 'endedAt' | 'status' | 'predictedFinishAt'>;

/** How a flow run stands to its deadline: `12.3 s left`, `4.00 s late`, `kept`, `missed`. */
export function timeLeft({ deadlineAt, endedAt, status }: Run, nowAt: string): string | null {
  if (deadlineAt === null) return null;
  if (endedAt !== null) return status === 'SUCCEEDED' && endedAt <= deadlineAt ? 'kept' : 'missed';
  const left = (Date.parse(deadlineAt) - Date.parse(nowAt)) / 1000;
  return left < 0 ? `${duration(-left)} late` : `${duration(left)} left`;
}

/** When it is expected to end: `in 8.00 s`, `in 20.0 s, 4.00 s late`; null where nobody knows. */
export function expectedEnd(run: Run, nowAt: string): string | null {
  const { deadlineAt, predictedFinishAt } = run;
  if (predictedFinishAt === null) return null;
  const seconds = (Date.parse(predictedFinishAt) - Date.parse(nowAt)) / 1000;
  const when = seconds < 0.5 ? 'soon' : `in ${duration(seconds)}`;
  if (deadlineAt === null) return when;
  const late = (Date.parse(predictedFinishAt) - Date.parse(deadlineAt)) / 1000;
  return late > 0 ? `${when}, ${duration(late)} late` : when;
}
