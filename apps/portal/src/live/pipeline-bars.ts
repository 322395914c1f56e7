import type { Schemas } from '@interpulse/api/client/create-client.ts';

type FlowRunDocument = Schemas['FlowRunDocument'];

/** One step of a shot's flow run, in seconds since the shot. */
export interface PipelineRow {
  key: string;
  state: string;
  status: Schemas['FlowStep']['status'] | 'expected';
  from: number;
  /** To its end, or to now while it is active; equals `from` when it has not begun. */
  to: number;
  /** When it is expected to end; null when it has ended. */
  expectedTo: number | null;
}

/** The steps of a shot's flow run against the time that its answer may take. */
export interface Pipeline {
  rows: PipelineRow[];
  /** States that took no time worth a bar: choices, calculations. In their order, each once. */
  atOnce: string[];
  /** Of the whole drawing. */
  lengthSeconds: number;
  deadlineSeconds: number | null;
  /** Null once the flow run has ended. */
  nowSeconds: number | null;
  /** When it is expected to end; null when it has, and while nothing is known of it. */
  finishSeconds: number | null;
  /** When it ended; null before. */
  endSeconds: number | null;
}

/** What took less is told by name only: its bar could not be seen. */
const leastDrawnSeconds = 0.02;

/**
 * The steps that were and those that are expected. What is overdue is expected now, and moves what
 * follows it: a prediction is as old as the last event.
 * @param takenAt when the shot was taken
 */
export function pipelineBars(
  { flowRun, steps, prediction }: Pick<FlowRunDocument, 'flowRun' | 'steps' | 'prediction'>,
  takenAt: string,
  nowMilliseconds: number,
): Pipeline {
  const zero = Date.parse(takenAt);
  const secondsOf = (at: string) => (Date.parse(at) - zero) / 1000;
  const now = Math.max(0, (nowMilliseconds - zero) / 1000);
  const current = flowRun.endedAt === null ? prediction?.steps[0] : undefined;
  const overdue = current === undefined ? 0 : Math.max(0, now - secondsOf(current.endAt));
  const own = steps.filter(({ stateName }) => !stateName.includes('/'));
  const passed = own.map((step): PipelineRow => {
    const from = secondsOf(step.startedAt);
    const isCurrent = step.endedAt === null && step.stateName === current?.state;
    return {
      key: String(step.sequence),
      state: step.stateName,
      status: step.status,
      from,
      to: Math.max(from, step.endedAt === null ? now : secondsOf(step.endedAt)),
      expectedTo: isCurrent ? secondsOf(current.endAt) + overdue : null,
    };
  });
  const rows = passed.filter((row) => !wasAtOnce(row));
  const atOnce = [...new Set(passed.filter(wasAtOnce).map(({ state }) => state))];
  const coming = current === undefined ? [] : (prediction?.steps.slice(1) ?? []);
  for (const { state, startAt, endAt } of coming) {
    const from = secondsOf(startAt) + overdue;
    const expectedTo = secondsOf(endAt) + overdue;
    // A Choice or a Pass takes no time: it is no part of what is waited for.
    if (expectedTo - from < 0.0005) continue;
    rows.push({ key: `next ${state}`, state, status: 'expected', from, to: from, expectedTo });
  }
  const finishSeconds =
    current === undefined || prediction === null ? null : secondsOf(prediction.finishAt) + overdue;
  const deadlineSeconds = flowRun.deadlineAt === null ? null : secondsOf(flowRun.deadlineAt);
  const endSeconds = flowRun.endedAt === null ? null : secondsOf(flowRun.endedAt);
  const ends = rows.map(({ to, expectedTo }) => Math.max(to, expectedTo ?? 0));
  const longest = Math.max(1, ...ends, deadlineSeconds ?? 0);
  const nowSeconds = flowRun.endedAt === null ? now : null;
  const lengthSeconds = longest * 1.03;
  const instants = { deadlineSeconds, nowSeconds, finishSeconds, endSeconds };
  return { rows, atOnce, lengthSeconds, ...instants };
}

function wasAtOnce({ status, from, to }: PipelineRow): boolean {
  return status === 'succeeded' && to - from < leastDrawnSeconds;
}
