import { BranchesMissing } from './branches-missing.ts';
import { flowLimits } from './flow-limits.ts';
import type {
  BranchCounts,
  BranchScope,
  BranchWait,
  FailedRacer,
  FlowBranch,
  FlowProgress,
} from './flow-progress.ts';
import { needsPerson } from './needs-person.ts';
import { errorNames, StateError } from './state-error.ts';

/** A Parallel or Map state's branch, waiting for the branches of its own. */
export type ParentBranch = FlowBranch & { wait: BranchWait & { kind: 'branches' } };

/**
 * The branches of a run that are at hand, by their step, and what ended ones left. All of them are
 * counted, at hand or not: by what each change adds, so that one event of a Map of ten thousand
 * items costs what it costs in a Map of ten. The progress given stays as it is.
 */
export class OpenBranches {
  readonly #byStep: Map<number, FlowBranch>;
  readonly #results = new Map<number, BranchScope[]>();
  readonly #counts: BranchCounts;

  constructor({
    branches,
    results,
    counts,
  }: Pick<FlowProgress, 'branches' | 'results' | 'counts'>) {
    this.#byStep = new Map(branches.map((branch) => [branch.step, branch]));
    for (const result of results) this.#keep(result);
    this.#counts = { ...counts };
  }

  list(): FlowBranch[] {
    return [...this.#byStep.values()];
  }

  /** What ended branches left, as far as it is at hand. */
  results(): BranchScope[] {
    return [...this.#results.values()].flat();
  }

  get counts(): BranchCounts {
    return { ...this.#counts };
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
    this.#count(branch, 1);
  }

  remove({ step }: FlowBranch): void {
    const known = this.#byStep.get(step);
    if (known === undefined) return;
    this.#byStep.delete(step);
    this.#count(known, -1);
  }

  /**
   * All branches inside a Parallel or Map state, however deep.
   * @throws BranchesMissing, when they are not all at hand.
   */
  inside(parent: ParentBranch): FlowBranch[] {
    const above = [...parent.path, parent.state];
    const inside = inOrder(this.list()).filter(
      (branch) =>
        branch.path.length > above.length && above.every((part, n) => part === branch.path[n]),
    );
    const expected = [parent, ...inside].reduce((sum, { wait }) => sum + underWay(wait), 0);
    if (inside.length < expected) throw new BranchesMissing({ inside: parent.step });
    return inside;
  }

  /** All branches of the run. @throws BranchesMissing, when they are not all at hand. */
  all(): FlowBranch[] {
    if (this.#byStep.size < this.#counts.open) throw new BranchesMissing({ inside: null });
    return inOrder(this.list());
  }

  /** Those that need a person. @throws BranchesMissing, when they are not all at hand. */
  waitingForPeople(): FlowBranch[] {
    const known = inOrder(this.list()).filter(({ wait }) => needsPerson(wait));
    if (known.length < this.#counts.waitForPeople) throw new BranchesMissing({ inside: null });
    return known;
  }

  /** Takes away what is inside a Parallel or Map state, with what ended branches of it left. */
  clear(parent: ParentBranch): void {
    for (const branch of this.inside(parent)) {
      this.remove(branch);
      this.#results.delete(branch.step);
    }
    this.#results.delete(parent.step);
    const { total, mostAtOnce } = parent.wait;
    this.put({ ...parent, wait: newBranchesWait(total, mostAtOnce) });
  }

  /** Whether another branch of a Parallel or Map state may start now. */
  hasRoom({ wait }: ParentBranch): boolean {
    const open = underWay(wait);
    if (wait.started === wait.total || open >= wait.mostAtOnce) return false;
    // One always may: what is under way in other states must not hold this one up for ever.
    return open === 0 || this.#counts.open < flowLimits.openBranches;
  }

  /** Notes what a branch left; the parent with it. */
  addResult(parent: ParentBranch, { inner }: FlowBranch): ParentBranch {
    if (inner === undefined) return parent;
    const { wait } = parent;
    this.#keep(inner);
    const resultBytes = wait.resultBytes + inner.sizeBytes;
    const noted = { ...parent, wait: { ...wait, resultBytes, ended: wait.ended + 1 } };
    this.put(noted);
    return noted;
  }

  /** Notes that a branch of a race failed; what it had is of no more use. */
  addFailed(parent: ParentBranch, { inner }: FlowBranch, failed: FailedRacer): ParentBranch {
    const { wait } = parent;
    if (inner !== undefined) this.#keep({ ...inner, data: {}, privatePaths: [], sizeBytes: 2 });
    const resultBytes = wait.resultBytes + 2;
    const all = [...(wait.failed ?? []), failed];
    const noted = { ...parent, wait: { ...wait, resultBytes, ended: wait.ended + 1, failed: all } };
    this.put(noted);
    return noted;
  }

  /**
   * What all branches of a Parallel or Map state left, in order; they are not kept any longer.
   * @throws BranchesMissing, when they are not all at hand.
   */
  takeResults({ step, wait }: ParentBranch): BranchScope[] {
    const results = this.#results.get(step) ?? [];
    if (results.length < wait.total) throw new BranchesMissing({ resultsOf: step });
    this.#results.delete(step);
    return results.toSorted((one, other) => one.index - other.index);
  }

  /** Throws a `StateError` when the documents of all branches together pass the limit. */
  checkSize(): void {
    if (this.#counts.sizeBytes <= flowLimits.branchesBytes) return;
    const msg =
      `the states of all branches together are larger than ${flowLimits.branchesBytes} bytes; ` +
      'give branches only what they need, with Parameters or ItemSelector';
    throw new StateError(errorNames.limit, msg);
  }

  #keep(result: BranchScope): void {
    const known = this.#results.get(result.parentStep);
    if (known === undefined) this.#results.set(result.parentStep, [result]);
    else known.push(result);
  }

  #count(branch: FlowBranch, sign: 1 | -1): void {
    this.#counts.open += sign;
    this.#counts.waitForPeople += needsPerson(branch.wait) ? sign : 0;
    this.#counts.sizeBytes += sign * sizeOf(branch);
  }
}

/** The wait of a Parallel or Map state whose branches are about to start. */
export function newBranchesWait(total: number, mostAtOnce: number): ParentBranch['wait'] {
  return { kind: 'branches', total, mostAtOnce, started: 0, ended: 0, resultBytes: 0 };
}

/** Whether a branch waits for branches of its own. */
export function isParent(branch: FlowBranch): branch is ParentBranch {
  return branch.wait?.kind === 'branches';
}

/** They may come in any order, and what is done with them shall not depend on it. */
function inOrder(branches: FlowBranch[]): FlowBranch[] {
  return branches.toSorted((one, other) => one.step - other.step);
}

function underWay(wait: BranchWait | null): number {
  return wait?.kind === 'branches' ? wait.started - wait.ended : 0;
}

function sizeOf({ inner, wait }: FlowBranch): number {
  return (inner?.sizeBytes ?? 0) + (wait?.kind === 'branches' ? wait.resultBytes : 0);
}
