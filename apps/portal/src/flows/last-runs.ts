import type { Schemas } from '@interpulse/api/client/create-client.ts';

/** How a flow fared lately. */
export interface LastRuns {
  /** Of those that have ended, from 0 to 1; null when none has. */
  successShare: number | null;
  ended: number;
  active: number;
  /** Seconds of those that succeeded; null when none has. */
  medianSeconds: number | null;
  newest: Schemas['FlowRun'] | null;
}

/** Sums up the last runs of a flow, newest first. Canceled ones say nothing about the flow. */
export function sumUpRuns(runs: readonly Schemas['FlowRun'][]): LastRuns {
  const ended = runs.filter(({ status }) => status === 'SUCCEEDED' || status === 'FAILED');
  const good = ended.filter(({ status }) => status === 'SUCCEEDED');
  const seconds = good
    .map(
      ({ startedAt, endedAt }) => (Date.parse(endedAt ?? startedAt) - Date.parse(startedAt)) / 1000,
    )
    .toSorted((one, other) => one - other);
  const middle = Math.floor(seconds.length / 2);
  const upper = seconds[middle];
  const lower = seconds.length % 2 === 0 ? seconds[middle - 1] : upper;
  return {
    successShare: ended.length === 0 ? null : good.length / ended.length,
    ended: ended.length,
    active: runs.filter(({ endedAt }) => endedAt === null).length,
    medianSeconds: upper === undefined || lower === undefined ? null : (lower + upper) / 2,
    newest: runs[0] ?? null,
  };
}
