import { secondsBetween } from '../time.ts';
import type { Instant } from '../time.ts';
import { findRule, nextRetry } from './catching.ts';
import type { Catcher, Retrier } from './catching.ts';
import { beginBranch } from './begin-branch.ts';
import { placeOf } from './branch-path.ts';
import type { FlowDefinition } from './definition.ts';
import { flowLimits } from './flow-limits.ts';
import { FlowLog } from './flow-log.ts';
import type { StatePhase } from './flow-log.ts';
import { newFlowBranch } from './flow-progress.ts';
import type {
  BranchWait,
  FlowBranch,
  FlowEffect,
  FlowEvent,
  FlowFailure,
  FlowLogLine,
  FlowProgress,
  FlowRefusal,
} from './flow-progress.ts';
import { scopeOf } from './flow-scope.ts';
import type { Shown } from './flow-scope.ts';
import type { JsonObject } from '../json.ts';
import { isParent, newBranchesWait, OpenBranches } from './open-branches.ts';
import type { ParentBranch } from './open-branches.ts';
import { StateError } from './state-error.ts';
import type { StateOutcome, StateVisit, StepEvent } from './state-kind.ts';
import { checkVisits, countVisit } from './state-visits.ts';
import { kindOf } from './states/state-kinds.ts';
import type { FlowState } from './states/state-kinds.ts';
import { allStates } from './sub-flow.ts';
import { problemOfInput, tryWriteResult } from './write-result.ts';

/** A branch that is to enter a state next. */
interface Move {
  branch: FlowBranch;
  next: string;
  retries?: number[];
}

/** One call of `advanceFlow`. The progress is replaced, never changed in place. */
export class FlowTurn {
  readonly #states: Map<string, FlowState>;
  readonly #startAt: string;
  readonly #now: Instant;
  readonly #effects: FlowEffect[] = [];
  readonly #log: FlowLog;
  readonly #branches: OpenBranches;
  readonly #moves: Move[] = [];
  /** Steps of Parallel and Map states that may have room for another branch. */
  readonly #toFill = new Set<number>();
  #run: FlowProgress;

  constructor(definition: FlowDefinition, run: FlowProgress, now: Instant) {
    this.#states = allStates(definition);
    this.#startAt = definition.StartAt;
    this.#run = { ...run, visits: { ...run.visits } };
    this.#branches = new OpenBranches(run.branches);
    this.#now = now;
    this.#log = new FlowLog(now);
  }

  /** The new progress, and what must be done now. */
  result(): { run: FlowProgress; effects: FlowEffect[]; log: FlowLogLine[] } {
    const branches = this.#run.endedAt === null ? this.#branches.list() : [];
    return { run: { ...this.#run, branches }, effects: this.#effects, log: this.#log.lines };
  }

  /** Takes one event; why it changes nothing, or null. */
  take(event: FlowEvent): FlowRefusal | null {
    if (event.kind === 'started') return this.#start(event.input, event.context);
    if (event.kind === 'canceled') return this.#cancel(event.by, event.reason);
    if (this.#run.startedAt === null) {
      return { reason: 'notStarted', message: 'the flow run has not started' };
    }
    return event.kind === 'resumed' ? this.#resume() : this.#step(event);
  }

  #start(input: JsonObject, context: JsonObject): FlowRefusal | null {
    if (this.#run.startedAt !== null) {
      return { reason: 'alreadyStarted', message: 'the flow run has started already' };
    }
    const problem = problemOfInput(input);
    if (problem !== null) return { reason: 'invalid', message: `the input: ${problem}` };
    this.#run = { ...this.#run, startedAt: this.#now, data: input, context };
    this.#log.started(scopeOf(this.#run));
    this.#moves.push({ branch: newFlowBranch(this.#now), next: this.#startAt });
    this.#work();
    return null;
  }

  #cancel(by: string, reason: string): null {
    this.#giveUp(this.#branches.list());
    this.#run = { ...this.#run, canceled: { by, reason } };
    this.#log.flow('Canceled', `The flow run was canceled by ${by}`, { by, reason });
    this.#finish('ENDED', null);
    return null;
  }

  #resume(): FlowRefusal | null {
    if (this.#run.status !== 'INACTIVE') {
      return { reason: 'invalid', message: 'the flow run does not wait for a person' };
    }
    for (const branch of this.#branches.list()) {
      if (branch.wait?.kind !== 'action' || branch.wait.stalled === null) continue;
      this.#effects.push({ kind: 'resumeAction', step: branch.step });
      this.#branches.put({ ...branch, wait: { ...branch.wait, stalled: null } });
    }
    this.#run = { ...this.#run, status: 'ACTIVE' };
    this.#log.flow('Resumed', 'The flow run goes on', {});
    return null;
  }

  #step(event: StepEvent): FlowRefusal | null {
    const branch = this.#branches.at(event.step);
    if (branch === undefined) {
      return { reason: 'otherStep', message: `the flow run is past step ${event.step}` };
    }
    if (branch.wait?.kind === 'retry') return this.#retryDue(branch, branch.wait.dueAt, event);
    const state = this.#stateNamed(branch.state);
    const outcome = this.#guarded(() => kindOf(state).receive(state, this.#visit(branch), event));
    if (outcome.kind === 'refuse') return { reason: outcome.reason, message: outcome.message };
    const move = this.#apply(branch, state, outcome);
    if (move !== null) this.#moves.push(move);
    this.#work();
    return null;
  }

  #retryDue(branch: FlowBranch, dueAt: Instant, event: StepEvent): FlowRefusal | null {
    if (event.kind !== 'timerFired') {
      return { reason: 'otherStep', message: `step ${branch.step} waits to be tried again` };
    }
    if (secondsBetween(this.#now, dueAt) > 0) {
      return { reason: 'early', message: `step ${branch.step} is tried again at ${dueAt}` };
    }
    this.#moves.push({ branch, next: branch.state, retries: branch.retries });
    this.#work();
    return null;
  }

  /** Goes on until every branch waits or is over. A list, not recursion: there may be thousands. */
  #work(): void {
    while (this.#run.endedAt === null) {
      const move = this.#moves.pop();
      if (move !== undefined) {
        this.#drive(move);
        continue;
      }
      const [step] = this.#toFill;
      if (step === undefined) break;
      if (!this.#startNext(step)) this.#toFill.delete(step);
    }
    this.#updateStatus();
  }

  /** Runs a branch until it waits or is over. */
  #drive(first: Move): void {
    let move: Move | null = first;
    for (let visits = 1; move !== null; visits += 1) {
      const branch: FlowBranch = this.#enterBranch(move);
      const state = this.#stateNamed(branch.state);
      const outcome = this.#guarded(() => this.#enter(state, branch, visits));
      move = this.#apply(branch, state, outcome);
    }
  }

  /** Notes the visit: a new step, which replaces the branch's last. */
  #enterBranch({ branch: from, next: state, retries = [] }: Move): FlowBranch {
    const step = this.#run.stepSequence + 1;
    const branch = { ...from, state, step, enteredAt: this.#now, retries, wait: null };
    countVisit(this.#run.visits, state);
    this.#run = { ...this.#run, stepSequence: step };
    this.#branches.remove(from);
    this.#branches.put(branch);
    return branch;
  }

  #enter(state: FlowState, branch: FlowBranch, visits: number): StateOutcome {
    checkVisits(visits, this.#run.stepSequence);
    this.#branches.checkSize();
    return kindOf(state).enter(state, this.#visit(branch));
  }

  #visit(branch: FlowBranch): StateVisit {
    return { branch, scope: scopeOf(this.#run, branch.inner), now: this.#now };
  }

  #guarded(act: () => StateOutcome): StateOutcome {
    try {
      return act();
    } catch (error) {
      if (error instanceof StateError) return { kind: 'raise', error, effects: [] };
      throw error;
    }
  }

  /** Carries out an outcome; where the branch goes, or null when it rests or ends. */
  #apply(branch: FlowBranch, state: FlowState, outcome: StateOutcome): Move | null {
    const entering = branch.wait === null;
    const begin = (input: Shown | null): void => {
      if (entering) this.#say(branch, 'Started', {}, input);
    };
    switch (outcome.kind) {
      case 'refuse':
        return null;
      case 'block':
        begin(outcome.input);
        if (!entering) this.#say(branch, 'Stalled', reasonOf(outcome.wait));
        this.#effects.push(...outcome.effects);
        this.#branches.put({ ...branch, wait: outcome.wait });
        return null;
      case 'fanOut':
        begin(outcome.input);
        return this.#fanOut(branch, state, outcome);
      case 'goTo':
        begin(null);
        this.#say(branch, 'Completed', outcome.details);
        return { branch, next: outcome.next };
      case 'end':
        begin(null);
        this.#say(branch, 'Completed', outcome.failure === null ? {} : { ...outcome.failure });
        this.#endBranch(branch, outcome.failure);
        return null;
      case 'raise':
        begin(null);
        this.#effects.push(...outcome.effects);
        return this.#raise(branch, state, outcome.error);
      case 'done': {
        begin(outcome.input);
        const written = this.#write(branch, outcome.output, outcome.resultPath);
        if (written instanceof StateError) return this.#raise(branch, state, written);
        const where = outcome.output === null ? {} : { result_path: outcome.resultPath };
        this.#say(branch, 'Completed', where, outcome.output);
        const next = 'Next' in state ? state.Next : undefined;
        if (next !== undefined) return { branch: written, next };
        this.#endBranch(written, null);
        return null;
      }
    }
  }

  #fanOut(
    branch: FlowBranch,
    state: FlowState,
    { total, mostAtOnce }: StateOutcome & { kind: 'fanOut' },
  ): Move | null {
    const parent = { ...branch, wait: newBranchesWait(total, mostAtOnce) };
    this.#branches.put(parent);
    if (total === 0) return this.#gather(parent, state);
    this.#toFill.add(parent.step);
    return null;
  }

  /** Starts the next branch of a Parallel or Map state; false when there is no room for one. */
  #startNext(step: number): boolean {
    const parent = this.#branches.at(step);
    if (parent === undefined || !isParent(parent)) return false;
    if (!this.#branches.hasRoom(parent)) return false;
    const { started: index } = parent.wait;
    this.#branches.put({ ...parent, wait: { ...parent.wait, started: index + 1 } });
    const state = this.#stateNamed(parent.state);
    const begun = beginBranch(state, this.#visit(parent), index);
    if (begun instanceof StateError) {
      this.#giveUp(this.#branches.removeInside(parent));
      const move = this.#raise(parent, state, begun);
      if (move !== null) this.#moves.push(move);
      return false;
    }
    this.#moves.push(begun);
    return true;
  }

  /** Ends a Parallel or Map state with the list of what its branches left. */
  #gather(parent: ParentBranch, state: FlowState): Move | null {
    const { results, privatePaths } = parent.wait;
    const resultPath = ('ResultPath' in state ? state.ResultPath : undefined) ?? '$';
    const output = { value: results, privatePaths };
    return this.#apply(parent, state, { kind: 'done', output, resultPath, input: null });
  }

  /** A branch has ended: the run with it, or it counts for the state around it. */
  #endBranch(branch: FlowBranch, failure: { error: string; cause: string } | null): void {
    const { state: name, step, path } = branch;
    const parent = this.#branches.parentOf(branch);
    if (parent === null) return this.#end(failure && { ...failure, state: name, step });
    this.#branches.remove(branch);
    const state = this.#stateNamed(parent.state);
    let move: Move | null = null;
    if (failure !== null) {
      this.#giveUp(this.#branches.removeInside(parent));
      const cause = `${placeOf(path.slice(-2), name)}: ${failure.cause}`;
      const short = cause.slice(0, flowLimits.causeCharacters);
      move = this.#raise(parent, state, new StateError(failure.error, short));
    } else {
      const noted = this.#branches.addResult(parent, branch);
      if (noted.wait.ended === noted.wait.total) move = this.#gather(noted, state);
      else this.#toFill.add(noted.step);
    }
    if (move !== null) this.#moves.push(move);
  }

  #giveUp(branches: readonly FlowBranch[]): void {
    for (const branch of branches) {
      if (branch.wait?.kind === 'action') {
        this.#effects.push({ kind: 'cancelAction', step: branch.step });
      }
      this.#say(branch, 'Canceled', {});
    }
  }

  /** The branch with the output in its state document, or why it cannot be written. */
  #write(branch: FlowBranch, output: Shown | null, resultPath: string): FlowBranch | StateError {
    if (output === null) return branch;
    const { inner } = branch;
    const written = tryWriteResult(inner ?? this.#run, output, resultPath);
    if (written instanceof StateError) return written;
    const { sizeBytes, ...document } = written;
    if (inner !== undefined) return { ...branch, inner: { ...inner, ...document, sizeBytes } };
    this.#run = { ...this.#run, ...document };
    return branch;
  }

  /** Tries again, goes where a Catcher says, or ends the branch. */
  #raise(branch: FlowBranch, state: FlowState, error: StateError): Move | null {
    const failure = { error: error.errorName, cause: error.message };
    this.#say(branch, 'Failed', failure);
    const retriers = 'Retry' in state ? state.Retry : undefined;
    if (this.#retry(branch, retriers, error)) return null;
    const catchers: Catcher[] = ('Catch' in state ? state.Catch : undefined) ?? [];
    const catcher = catchers[findRule(catchers, error.errorName)];
    if (catcher === undefined) {
      this.#endBranch(branch, failure);
      return null;
    }
    const value = {
      state_name: branch.state,
      ...error.output,
      Error: failure.error,
      Cause: failure.cause,
    };
    const output = { value, privatePaths: [] };
    const written = this.#write(branch, output, catcher.ResultPath ?? '$');
    if (written instanceof StateError) {
      this.#endBranch(branch, { error: written.errorName, cause: written.message });
      return null;
    }
    const more = { next: catcher.Next, result_path: catcher.ResultPath ?? '$' };
    this.#say(branch, 'Caught', more, output);
    return { branch: written, next: catcher.Next };
  }

  #retry(branch: FlowBranch, rules: Retrier[] | undefined, error: StateError): boolean {
    const failed = { rules, spent: branch.retries, error: error.errorName };
    const retry = nextRetry(failed, this.#now);
    if (retry === null) return false;
    const { retries, ...wait } = retry;
    this.#branches.put({ ...branch, retries, wait: { kind: 'retry', ...wait } });
    this.#effects.push({ kind: 'setTimer', step: branch.step, dueAt: wait.dueAt });
    this.#say(branch, 'Retried', { attempt: wait.attempt, due_at: wait.dueAt });
    return true;
  }

  /** Ends the run: with a failure, or well. */
  #end(failure: FlowFailure | null): void {
    this.#run = { ...this.#run, failure };
    if (failure === null) this.#log.flow('Succeeded', 'The flow run completed successfully', {});
    else this.#log.flow('Failed', `The flow run failed: ${failure.cause}`, { ...failure });
    this.#finish(failure === null ? 'SUCCEEDED' : 'FAILED', failure);
  }

  #finish(status: 'SUCCEEDED' | 'FAILED' | 'ENDED', failure: FlowFailure | null): void {
    this.#run = { ...this.#run, status, endedAt: this.#now };
    this.#effects.push({ kind: 'finishRun', status, failure });
  }

  #updateStatus(): void {
    if (this.#run.endedAt !== null) return;
    const stalls = this.#branches
      .list()
      .some(({ wait }) => wait?.kind === 'action' && wait.stalled !== null);
    this.#run = { ...this.#run, status: stalls ? 'INACTIVE' : 'ACTIVE' };
  }

  #say(branch: FlowBranch, phase: StatePhase, more: JsonObject, shown: Shown | null = null): void {
    this.#log.state(this.#stateNamed(branch.state).Type, phase, branch, more, shown);
  }

  #stateNamed(name: string): FlowState {
    return this.#states.get(name) ?? noState(name);
  }
}

function reasonOf(wait: BranchWait): JsonObject {
  return wait.kind === 'action' ? { reason: wait.stalled } : {};
}

function noState(name: string): never {
  throw new RangeError(`advancing a flow run: its definition has no state ${name}`);
}
