import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { FlowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import { placeOfStep } from './step-place.ts';

type Step = Schemas['FlowStep'];
type StateCounts = StepSums['states'][number];

/** How a state of a flow run stands. `skipped`: the run has ended without coming here. */
export type StateStanding = 'future' | 'skipped' | 'active' | 'waiting' | 'good' | 'bad' | 'off';

/** Items or branches of a Map or Parallel state that were begun, by how they stand. */
export interface ItemCounts {
  done: number;
  active: number;
  failed: number;
  canceled: number;
  /** All of them, as far as it is known. */
  total: number | null;
}

/** How many of them were begun. */
export function begunItems({ done, active, failed, canceled }: ItemCounts): number {
  return done + active + failed + canceled;
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

/** What a flow run's document says of all its steps. */
export type StepSums = Pick<Schemas['FlowRunDocument'], 'states' | 'items' | 'takenOver'>;

/** How each state of a run stands, by name. */
export function stateProgress(
  graph: FlowGraph,
  { states, items, takenOver }: StepSums,
  run: Pick<Schemas['FlowRun'], 'status' | 'endedAt'>,
): Map<string, StateProgress> {
  const types = new Map(graph.nodes.map(({ name, type }) => [name, type]));
  const nameOf = (path: string) => placeOfStep(path, (name) => types.has(name)).state;
  const counts = new Map(states.map((state) => [nameOf(state.path), state]));
  const begun = new Map(items.map(({ path, ...each }) => [nameOf(path), each]));
  // What an earlier flow run did, this one need not do.
  const before = new Map(takenOver.map((step) => [nameOf(step.stateName), step]));
  const hasEnded = run.endedAt !== null;
  return new Map(
    [...types].map(([name, type]) => {
      const own = counts.get(name);
      const past = own === undefined ? before.get(name) : undefined;
      const progress =
        own === undefined
          ? notEntered(past, hasEnded)
          : progressOf(own, run.status === 'INACTIVE', type);
      return [name, { ...progress, items: begun.get(name) ?? null }];
    }),
  );
}

const standings: Record<Step['status'], StateStanding> = {
  active: 'active',
  succeeded: 'good',
  failed: 'bad',
  canceled: 'off',
};

type Standing = Omit<StateProgress, 'items'>;

function notEntered(past: Step | undefined, hasEnded: boolean): Standing {
  const seconds = past === undefined ? 0 : secondsOf(past);
  return {
    standing: past ? standings[past.status] : hasEnded ? 'skipped' : 'future',
    visits: past === undefined ? 0 : 1,
    lastSeconds: seconds,
    totalSeconds: seconds,
    activeSince: null,
    step: past?.sequence ?? 0,
    reason: past?.reason ?? null,
  };
}

function progressOf(
  { status, reason, visits, lastSeconds, totalSeconds, activeSince, step }: StateCounts,
  isInactive: boolean,
  type: string,
): Standing {
  const waits = isInactive && needsPerson({ status, stateType: type, reason });
  // A Fail state does what it is for, and that is what went wrong.
  const fails = type === 'Fail' && status === 'succeeded';
  const standing = waits ? 'waiting' : fails ? 'bad' : standings[status];
  return { standing, visits, lastSeconds, totalSeconds, activeSince, step, reason };
}

/** Whether a step under way is one for which an inactive flow run waits. */
export function needsPerson(step: Pick<Step, 'status' | 'stateType' | 'reason'>): boolean {
  return step.status === 'active' && (step.stateType === 'AwaitWebInput' || step.reason !== null);
}

/** Seconds of a step that has ended; 0 for one that has not. */
function secondsOf({ startedAt, endedAt }: Step): number {
  return endedAt === null ? 0 : Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
}
