import type { FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import type { ItemCounts, StateCounts } from '@interpulse/domain/flow-run/step-counts.ts';

/** Whether a step is inside a Map or Parallel state. */
export function isInside({ stateName }: FlowStep): boolean {
  return /\[\d+\]\//.test(stateName);
}

const alike = (name: string) => name.replaceAll(/\[\d+\]\//g, '[]/');

/** What a hub says of all steps of a flow run. */
export function countSteps(
  steps: readonly FlowStep[],
  totals: Record<string, number> = {},
): { stepCount: number; states: StateCounts[]; items: ItemCounts[] } {
  const states = Map.groupBy(steps, ({ stateName }) => alike(stateName));
  return {
    stepCount: steps.length,
    states: [...states].map(([path, own]) => stateCounts(path, own)),
    items: itemCounts(steps, totals),
  };
}

function stateCounts(path: string, own: readonly FlowStep[]): StateCounts {
  const count = (status: FlowStep['status']) => own.filter((s) => s.status === status).length;
  const shown = own.findLast((step) => step.status === 'active') ?? own.at(-1);
  if (shown === undefined) throw new Error(`no step of ${path}`);
  const seconds = own.map(({ startedAt, endedAt }) =>
    endedAt === null ? 0 : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
  );
  return {
    path,
    visits: own.length,
    active: count('active'),
    succeeded: count('succeeded'),
    failed: count('failed'),
    canceled: count('canceled'),
    totalSeconds: seconds.reduce((sum, each) => sum + each, 0),
    lastSeconds: seconds.at(-1) ?? 0,
    activeSince: own.find(({ status }) => status === 'active')?.startedAt ?? null,
    step: shown.sequence,
    status: shown.status,
    reason: shown.reason,
  };
}

function itemCounts(steps: readonly FlowStep[], totals: Record<string, number>): ItemCounts[] {
  const newest = new Map<string, FlowStep>();
  for (const step of steps.filter(isInside)) {
    newest.set(step.stateName.slice(0, step.stateName.lastIndexOf(']/') + 1), step);
  }
  const paths = Map.groupBy(newest, ([item]) => alike(item.replace(/\[\d+\]$/, '')));
  return [...paths].map(([path, items]) => {
    const none = { done: 0, active: 0, failed: 0, canceled: 0 };
    const counts = { path, ...none, total: totals[path] ?? null };
    for (const [, { status }] of items) {
      if (status === 'active') counts.active += 1;
      else if (status === 'succeeded') counts.done += 1;
      else counts[status] += 1;
    }
    return counts;
  });
}
