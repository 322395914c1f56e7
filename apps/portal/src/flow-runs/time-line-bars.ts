import type { Schemas } from '@interpulse/api/client/create-client.ts';

/** When work that a step asked for began: before that, the step waited. */
export interface WorkStart {
  id: string;
  /** Of a job: a step that is several begins with the first of them. */
  ensembleId?: string | null;
  startedAt: string | null;
}

/** One bar of the time line, in seconds since the flow run's start. */
export interface TimeLineBar {
  step: Schemas['FlowStep'];
  from: number;
  /** Where waiting ended and work began; equals `from` when the step did not wait. */
  workFrom: number;
  to: number;
}

/**
 * Bars of a flow run's steps. A step with a job or a transfer waits until that starts.
 * @param work jobs and transfers of the flow run
 */
export function timeLineBars(
  steps: Schemas['FlowStep'][],
  work: WorkStart[],
  startedAt: string,
  nowMilliseconds: number,
): TimeLineBar[] {
  const zero = Date.parse(startedAt);
  const starts = startsOf(work);
  return steps.map((step) => {
    const from = (Date.parse(step.startedAt) - zero) / 1000;
    const end = step.endedAt === null ? nowMilliseconds : Date.parse(step.endedAt);
    const to = Math.max(from, (end - zero) / 1000);
    const started = starts.get(step.jobId ?? step.ensembleId ?? step.transferId ?? '');
    if (started === undefined) return { step, from, workFrom: from, to };
    const workFrom = started === null ? to : (Date.parse(started) - zero) / 1000;
    return { step, from, workFrom: Math.min(to, Math.max(from, workFrom)), to };
  });
}

function startsOf(work: WorkStart[]): Map<string, string | null> {
  const starts = new Map(work.map((each) => [each.id, each.startedAt]));
  for (const { ensembleId, startedAt } of work) {
    if (ensembleId === undefined || ensembleId === null) continue;
    const known = starts.get(ensembleId) ?? null;
    const isFirst = known === null || (startedAt !== null && startedAt < known);
    starts.set(ensembleId, isFirst ? startedAt : known);
  }
  return starts;
}

/** Round numbers of seconds for a time axis: at most `count` of them, from 0 to `lengthSeconds`. */
export function axisTicks(lengthSeconds: number, count = 8): number[] {
  const rough = Math.max(lengthSeconds, 1e-3) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const clockSteps = [15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];
  const step =
    rough > 10
      ? (clockSteps.find((each) => each >= rough) ?? Math.ceil(rough / 86_400) * 86_400)
      : power * ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let index = 0; index * step <= lengthSeconds; index += 1) ticks.push(index * step);
  return ticks;
}
