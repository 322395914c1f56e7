import type { Instant } from '../time.ts';
import type { JsonObject, JsonTrail } from '../json.ts';
import { dueAtOf } from './due-at.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { BranchScope, FlowBranch, FlowProgress } from './flow-progress.ts';
import { needsPerson } from './needs-person.ts';
import { isParent } from './open-branches.ts';

/** What is stored of a run in one piece: small, whatever its document and its branches are. */
export type FlowCore = Omit<FlowProgress, 'data' | 'results'>;

/** The core of a flow run before its first event. */
export function newFlowCore(): FlowCore {
  const { data: _, results: __, ...core } = newFlowProgress();
  return core;
}

/** What is stored of a branch inside a Parallel or Map state, from its begin to the state's end. */
export interface BranchRow {
  parentStep: number;
  index: number;
  /** Null when it has ended; `data` is what it left, then. */
  step: number | null;
  /** Steps of the states around, outermost first. */
  ancestors: number[];
  wakeAt: Instant | null;
  needsPerson: boolean;
  /** Null when it has ended. */
  branch: Omit<FlowBranch, 'inner'> | null;
  /** Null in a change: it is as it was. */
  data: JsonObject | null;
  privatePaths: JsonTrail[];
  sizeBytes: number;
}

/** What a turn changed of the rows of a run's branches. */
export interface BranchChanges {
  /** Steps of Parallel and Map states that are over: their rows go. */
  closed: number[];
  rows: BranchRow[];
}

/**
 * A run as a turn sees it: its core, its document, and those rows of its branches that were read
 * for it. `progress` is replaced as the run advances; `changes` are then what must be written.
 */
export class FlowView {
  progress: FlowProgress;
  readonly #known = new Map<string, FlowBranch | BranchScope>();
  readonly #parents = new Set<number>();

  constructor(core: FlowCore, data: JsonObject) {
    this.progress = { ...core, data, results: [] };
    for (const branch of core.branches) this.#noteParent(branch);
  }

  /** Takes rows that were read besides; what is known already is as it is here. */
  add(rows: readonly BranchRow[]): void {
    const closed = new Set(this.#closed());
    const branches: FlowBranch[] = [];
    const results: BranchScope[] = [];
    for (const row of rows) {
      const key = keyOf(row);
      if (this.#known.has(key) || row.ancestors.some((step) => closed.has(step))) continue;
      const { parentStep, index, data, privatePaths, sizeBytes } = row;
      const inner = { parentStep, index, data: data ?? {}, privatePaths, sizeBytes };
      const read = row.branch === null ? inner : { ...row.branch, inner };
      this.#known.set(key, read);
      if ('inner' in read) {
        branches.push(read);
        this.#noteParent(read);
      } else results.push(read);
    }
    const { progress } = this;
    this.progress = {
      ...progress,
      branches: [...progress.branches, ...branches],
      results: [...progress.results, ...results],
    };
  }

  /** What is stored in one piece now. */
  core(): FlowCore {
    const { data: _, results: __, ...core } = this.progress;
    return { ...core, branches: core.branches.filter(({ inner }) => inner === undefined) };
  }

  /** What must be written of the branches. */
  changes(): BranchChanges {
    const { branches, results } = this.progress;
    const bySteps = new Map(branches.map((branch) => [branch.step, branch]));
    const changed = (now: FlowBranch | BranchScope): BranchRow[] => {
      const open = 'path' in now ? now : null;
      const scope = 'path' in now ? now.inner : now;
      const known = scope && this.#known.get(keyOf(scope));
      if (scope === undefined || known === now) return [];
      const before = known !== undefined && 'inner' in known ? known.inner : undefined;
      return [rowOf(open, scope, { before, ancestors: ancestorsOf(scope, bySteps) })];
    };
    return { closed: this.#closed(), rows: [...branches, ...results].flatMap(changed) };
  }

  #closed(): number[] {
    const open = new Set(this.progress.branches.filter(isParent).map(({ step }) => step));
    return [...this.#parents].filter((step) => !open.has(step));
  }

  #noteParent(branch: FlowBranch): void {
    if (isParent(branch)) this.#parents.add(branch.step);
  }
}

function keyOf({ parentStep, index }: { parentStep: number; index: number }): string {
  return `${parentStep}:${index}`;
}

function ancestorsOf({ parentStep }: BranchScope, bySteps: Map<number, FlowBranch>): number[] {
  const parent = bySteps.get(parentStep);
  const above = parent?.inner === undefined ? [] : ancestorsOf(parent.inner, bySteps);
  return [...above, parentStep];
}

function rowOf(
  open: FlowBranch | null,
  scope: BranchScope,
  { before, ancestors }: { before: BranchScope | undefined; ancestors: number[] },
): BranchRow {
  const { parentStep, index, privatePaths, sizeBytes } = scope;
  const data = before?.data === scope.data ? null : scope.data;
  const document = { parentStep, index, ancestors, data, privatePaths, sizeBytes };
  if (open === null)
    return { ...document, step: null, wakeAt: null, needsPerson: false, branch: null };
  const { inner: _, ...branch } = open;
  const { step, wait } = open;
  return { ...document, step, wakeAt: dueAtOf(wait), needsPerson: needsPerson(wait), branch };
}
