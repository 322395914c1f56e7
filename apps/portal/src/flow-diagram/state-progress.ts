import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { FlowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import { branchParts, placeOfStep } from './step-place.ts';

type Step = Schemas['FlowStep'];

/** How a state of a flow run stands. `skipped`: the run has ended without coming here. */
export type StateStanding = 'future' | 'skipped' | 'active' | 'waiting' | 'good' | 'bad' | 'off';

/** Items or branches of a Map or Parallel state that were begun, by how they stand. */
export interface ItemCounts {
  done: number;
  active: number;
  failed: number;
  /** All of them, as far as it is known. */
  total: number | null;
}

/** What a run has done in one state. */
export interface StateProgress {
  standing: StateStanding;
  /** How often it was entered; more than once in a loop, in a retry, or inside a Map. */
  visits: number;
  /** Seconds of the last visit; of all together in `totalSeconds`. */
  lastSeconds: number;
  totalSeconds: number;
  /** When the visit that is under way began; null when none is. */
  activeSince: string | null;
  /** The step to show when somebody wants to see more: what failed, else the newest. */
  step: number;
  reason: string | null;
  items: ItemCounts | null;
}

/** Totals of Parallel and Map states by name, where they are known. */
export type ItemTotals = ReadonlyMap<string, number>;

interface Gathered {
  steps: Step[];
  items: Map<string, Step>;
}

/** How each state of a run stands, by name. One pass over the steps, since there may be 10,000. */
export function stateProgress(
  graph: FlowGraph,
  steps: readonly Step[],
  run: Pick<Schemas['FlowRun'], 'status' | 'endedAt'>,
  totals: ItemTotals = new Map(),
): Map<string, StateProgress> {
  const gathered = new Map<string, Gathered>();
  for (const { name } of graph.nodes) gathered.set(name, { steps: [], items: new Map() });
  const isState = (name: string) => gathered.has(name);
  for (const step of steps) {
    const { branch, state } = placeOfStep(step.stateName, isState);
    gathered.get(state)?.steps.push(step);
    const parts = branchParts(branch);
    for (const [depth, part] of parts.entries()) {
      const item = parts.slice(0, depth + 1).map(({ state: each, index }) => `${each}[${index}]`);
      // The newest step says how an item stands: what failed and was tried again is not failed.
      const isInner = depth === parts.length - 1;
      if (isInner) gathered.get(part.state)?.items.set(item.join('/'), step);
    }
  }
  const hasEnded = run.endedAt !== null;
  const progress = new Map<string, StateProgress>();
  for (const [name, { steps: own, items }] of gathered) {
    const counts = items.size === 0 ? null : countItems(items, totals.get(name) ?? null);
    progress.set(name, progressOf(own, counts, hasEnded, run.status === 'INACTIVE'));
  }
  return progress;
}

function countItems(items: Map<string, Step>, total: number | null): ItemCounts {
  const counts = { done: 0, active: 0, failed: 0, total };
  for (const { status } of items.values()) {
    if (status === 'active') counts.active += 1;
    else if (status === 'succeeded') counts.done += 1;
    else counts.failed += 1;
  }
  return counts;
}

const standings: Record<Step['status'], StateStanding> = {
  active: 'active',
  succeeded: 'good',
  failed: 'bad',
  canceled: 'off',
};

function progressOf(
  steps: Step[],
  items: ItemCounts | null,
  hasEnded: boolean,
  isInactive: boolean,
): StateProgress {
  const newest = steps.at(-1);
  if (newest === undefined) {
    const standing = hasEnded ? 'skipped' : 'future';
    const nothing = { visits: 0, lastSeconds: 0, totalSeconds: 0, activeSince: null, step: 0 };
    return { ...nothing, standing, reason: null, items };
  }
  const active = steps.findLast((step) => step.status === 'active');
  // Inside a Map a failed item shows though others go on.
  const shown = active ?? newest;
  const standing = standings[shown.status];
  const waits = isInactive && standing === 'active' && shown.reason !== null;
  return {
    standing: waits ? 'waiting' : standing,
    visits: steps.length,
    lastSeconds: secondsOf(newest),
    totalSeconds: steps.reduce((sum, step) => sum + secondsOf(step), 0),
    activeSince: active?.startedAt ?? null,
    step: shown.sequence,
    reason: shown.reason,
    items,
  };
}

/** Seconds of a step that has ended; 0 for one that has not. */
function secondsOf({ startedAt, endedAt }: Step): number {
  return endedAt === null ? 0 : Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
}
