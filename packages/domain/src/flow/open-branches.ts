import type { JsonObject } from '../json.ts';
import { flowLimits } from './flow-limits.ts';
import type { BranchWait, FlowBranch } from './flow-progress.ts';
import { errorNames, StateError } from './state-error.ts';

/** A Parallel or Map state's branch, waiting for the branches of its own. */
export type ParentBranch = FlowBranch & { wait: BranchWait & { kind: 'branches' } };

/**
 * The branches of a run by their step, with their sizes counted. Lists of results are copied once
 * for each instance and written in place after that, so that the thousandth item costs no more
 * than the first; the branches given stay as they are.
 */
export class OpenBranches {
  readonly #byStep: Map<number, FlowBranch>;
  readonly #ownResults = new Set<number>();
  #sizeBytes = 0;

  constructor(branches: readonly FlowBranch[]) {
    this.#byStep = new Map(branches.map((branch) => [branch.step, branch]));
    for (const branch of branches) this.#sizeBytes += sizeOf(branch);
  }

  list(): FlowBranch[] {
    return [...this.#byStep.values()];
  }

  at(step: number): FlowBranch | undefined {
    return this.#byStep.get(step);
  }

  /** The Parallel or Map state that a branch is inside of. */
  parentOf({ inner }: FlowBranch): ParentBranch | null {
    const parent = inner === undefined ? undefined : this.#byStep.get(inner.parentStep);
    return parent !== undefined && isParent(parent) ? parent : null;
  }

  put(branch: FlowBranch): void {
    this.remove(branch);
    this.#byStep.set(branch.step, branch);
    this.#sizeBytes += sizeOf(branch);
  }

  remove({ step }: FlowBranch): void {
    const known = this.#byStep.get(step);
    if (known === undefined) return;
    this.#byStep.delete(step);
    this.#sizeBytes -= sizeOf(known);
  }

  /** Takes away all branches inside a Parallel or Map state, however deep; those taken away. */
  removeInside({ path, state }: FlowBranch): FlowBranch[] {
    const above = [...path, state];
    const inside = this.list().filter(
      (branch) =>
        branch.path.length > above.length && above.every((part, n) => part === branch.path[n]),
    );
    for (const branch of inside) this.remove(branch);
    return inside;
  }

  /** Whether another branch of a Parallel or Map state may start now. */
  hasRoom({ wait }: ParentBranch): boolean {
    const underWay = wait.started - wait.ended;
    if (wait.started === wait.total || underWay >= wait.mostAtOnce) return false;
    // One always may: what is under way in other states must not hold this one up for ever.
    return underWay === 0 || this.#byStep.size < flowLimits.openBranches;
  }

  /** Notes what a branch left; the parent with it. */
  addResult(parent: ParentBranch, { inner }: FlowBranch): ParentBranch {
    if (inner === undefined) return parent;
    const { wait, step } = parent;
    const results = this.#ownResults.has(step) ? wait.results : [...wait.results];
    this.#ownResults.add(step);
    results[inner.index] = inner.data;
    const hidden = inner.privatePaths.map((path) => [inner.index, ...path]);
    const privatePaths =
      hidden.length === 0 ? wait.privatePaths : [...wait.privatePaths, ...hidden];
    const resultBytes = wait.resultBytes + inner.sizeBytes;
    const ended = wait.ended + 1;
    const noted = { ...parent, wait: { ...wait, results, privatePaths, resultBytes, ended } };
    this.put(noted);
    return noted;
  }

  /** Throws a `StateError` when the documents of all branches together pass the limit. */
  checkSize(): void {
    if (this.#sizeBytes <= flowLimits.branchesBytes) return;
    const msg =
      `the states of all branches together are larger than ${flowLimits.branchesBytes} bytes; ` +
      'give branches only what they need, with Parameters or ItemSelector';
    throw new StateError(errorNames.limit, msg);
  }
}

/** The wait of a Parallel or Map state whose branches are about to start. */
export function newBranchesWait(total: number, mostAtOnce: number): ParentBranch['wait'] {
  const results: (JsonObject | null)[] = Array.from({ length: total }, () => null);
  const none = { started: 0, ended: 0, resultBytes: 0, privatePaths: [] };
  return { kind: 'branches', total, mostAtOnce, results, ...none };
}

/** Whether a branch waits for branches of its own. */
export function isParent(branch: FlowBranch): branch is ParentBranch {
  return branch.wait?.kind === 'branches';
}

function sizeOf({ inner, wait }: FlowBranch): number {
  return (inner?.sizeBytes ?? 0) + (wait?.kind === 'branches' ? wait.resultBytes : 0);
}
