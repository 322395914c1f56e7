import { BranchesMissing } from '@interpulse/domain/flow/branches-missing.ts';
import type { FlowEvent } from '@interpulse/domain/flow/flow-progress.ts';
import type { FlowView } from '@interpulse/domain/flow/flow-view.ts';
import {
  allBranches,
  branchesAround,
  neededBranches,
} from '@interpulse/store/flow-runs/flow-branches.ts';
import type { HubTransaction } from '../hub.ts';

/** After so many misses of one turn, all is read: the turn is taken again for each. */
const mostMisses = 3;

/** Reads the branches that events are about, and what they need if each of them ends one. */
export async function readBranches(
  tx: HubTransaction,
  flowRunId: string,
  view: FlowView,
  events: readonly FlowEvent[],
): Promise<void> {
  const { branches, counts } = view.progress;
  if (counts.open <= branches.length) return;
  const own = new Set(branches.map(({ step }) => step));
  const steps = events.flatMap((event) => ('step' in event ? [event.step] : []));
  const inner = steps.filter((step) => !own.has(step));
  const withPeople = counts.waitForPeople > 0;
  if (inner.length === 0 && !withPeople) return;
  view.add(await branchesAround(tx, flowRunId, inner, withPeople));
  for (const { step, wait } of view.progress.branches) {
    if (wait?.kind !== 'branches' || wait.total - wait.ended > inner.length) continue;
    view.add(await neededBranches(tx, flowRunId, { resultsOf: step }));
  }
}

/** Takes a turn, and takes it again with more of the run's branches when it needs them. */
export async function withBranches<T>(
  tx: HubTransaction,
  flowRunId: string,
  view: FlowView,
  take: () => T,
): Promise<T> {
  for (let misses = 0; ; misses += 1) {
    try {
      return take();
    } catch (error) {
      if (!(error instanceof BranchesMissing) || misses > mostMisses) throw error;
      view.add(
        misses < mostMisses
          ? await neededBranches(tx, flowRunId, error.need)
          : await allBranches(tx, flowRunId),
      );
    }
  }
}
