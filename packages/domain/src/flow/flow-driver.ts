import { answerToError } from './answer-to-error.ts';
import { beginBranch } from './begin-branch.ts';
import { placeOf } from './branch-path.ts';
import { flowLimits } from './flow-limits.ts';
import type { FlowLedger } from './flow-ledger.ts';
import type { BranchWait, FlowBranch } from './flow-progress.ts';
import type { Shown } from './flow-scope.ts';
import type { JsonObject } from '../json.ts';
import { hideInError } from './hide-in-error.ts';
import { isParent, newBranchesWait } from './open-branches.ts';
import type { ParentBranch } from './open-branches.ts';
import { failedRacer, isRace, raceLost, raceResult } from './race.ts';
import type { RaceBranch } from './race.ts';
import { errorNames, StateError } from './state-error.ts';
import type { StateOutcome } from './state-kind.ts';
import { checkVisits } from './state-visits.ts';
import { kindOf } from './states/state-kinds.ts';
import type { FlowState } from './states/state-kinds.ts';

/** A branch that is to enter a state next. */
export interface Move {
  branch: FlowBranch;
  next: string;
  retries?: number[];
}

/** Takes branches through states until every one waits or is over. */
export class FlowDriver {
  readonly #ledger: FlowLedger;
  readonly #moves: Move[] = [];
  /** Steps of Parallel and Map states that may have room for another branch. */
  readonly #toFill = new Set<number>();

  constructor(ledger: FlowLedger) {
    this.#ledger = ledger;
  }

  /** Lets a branch go, and all others that move with it. */
  go(move: Move): void {
    this.#moves.push(move);
    this.#work();
  }

  /** Lets a Parallel or Map state begin more branches. */
  goOn({ step }: ParentBranch): void {
    this.#toFill.add(step);
    this.#work();
  }

  /** Carries out what a state answered to an event, and all that follows. */
  follow(branch: FlowBranch, state: FlowState, outcome: StateOutcome): void {
    const move = this.#apply(branch, state, outcome);
    if (move !== null) this.#moves.push(move);
    this.#work();
  }

  /** A list, not recursion: there may be thousands of branches. */
  #work(): void {
    while (this.#ledger.run.endedAt === null) {
      const move = this.#moves.pop();
      if (move !== undefined) {
        this.#drive(move);
        continue;
      }
      const [step] = this.#toFill;
      if (step === undefined) break;
      if (this.#ledger.visitsOfTurn >= flowLimits.stateVisitsPerTurn) {
        this.#restUntilNextTurn();
        break;
      }
      if (!this.#startNext(step)) this.#toFill.delete(step);
    }
    this.#ledger.updateStatus();
  }

  /** Runs a branch until it waits or is over. */
  #drive(first: Move): void {
    let move: Move | null = first;
    for (let visits = 1; move !== null; visits += 1) {
      const branch: FlowBranch = this.#ledger.enter(move.branch, move.next, move.retries ?? []);
      const state = this.#ledger.stateNamed(branch.state);
      const outcome = this.guarded(() => this.#enter(state, branch, visits));
      move = this.#apply(branch, state, outcome);
    }
  }

  #enter(state: FlowState, branch: FlowBranch, visits: number): StateOutcome {
    checkVisits(visits, this.#ledger.run.stepSequence);
    this.#ledger.branches.checkSize();
    return kindOf(state).enter(state, this.#ledger.visit(branch));
  }

  /** A `StateError` thrown by a state is the same as one that it raises. */
  guarded(act: () => StateOutcome): StateOutcome {
    try {
      return act();
    } catch (error) {
      if (error instanceof StateError) return { kind: 'raise', error, effects: [] };
      throw error;
    }
  }

  /** Carries out an outcome; where the branch goes, or null when it rests or ends. */
  #apply(branch: FlowBranch, state: FlowState, outcome: StateOutcome): Move | null {
    const ledger = this.#ledger;
    const entering = branch.wait === null;
    const begin = (input: Shown | null): void => {
      if (entering) ledger.say(branch, 'Started', {}, input);
    };
    switch (outcome.kind) {
      case 'refuse':
        return null;
      case 'block':
        begin(outcome.input);
        if (!entering) ledger.say(branch, 'Stalled', reasonOf(outcome.wait));
        ledger.effects.push(...outcome.effects);
        ledger.branches.put({ ...branch, wait: outcome.wait });
        return null;
      case 'fanOut':
        begin(outcome.input);
        return this.#fanOut(branch, state, outcome);
      case 'goTo':
        begin(null);
        ledger.say(branch, 'Completed', outcome.details);
        return { branch, next: outcome.next };
      case 'end':
        begin(null);
        ledger.say(branch, 'Completed', outcome.failure === null ? {} : { ...outcome.failure });
        this.#endBranch(branch, outcome.failure);
        return null;
      case 'raise':
        begin(null);
        ledger.effects.push(...outcome.effects);
        return this.#raise(branch, state, outcome.error);
      case 'done':
        begin(outcome.input);
        return this.#complete(branch, state, outcome);
    }
  }

  #complete(
    branch: FlowBranch,
    state: FlowState,
    { output, resultPath }: StateOutcome & { kind: 'done' },
  ): Move | null {
    const written = this.#ledger.write(branch, output, resultPath);
    if (written instanceof StateError) return this.#raise(branch, state, written);
    const where = output === null ? {} : { result_path: resultPath };
    this.#ledger.say(branch, 'Completed', where, output);
    const next = 'Next' in state ? state.Next : undefined;
    if (next !== undefined) return { branch: written, next };
    this.#endBranch(written, null);
    return null;
  }

  #fanOut(
    branch: FlowBranch,
    state: FlowState,
    { total, mostAtOnce, isRace }: StateOutcome & { kind: 'fanOut' },
  ): Move | null {
    const wait = newBranchesWait(total, mostAtOnce);
    const parent = { ...branch, wait: isRace ? { ...wait, failed: [] } : wait };
    this.#ledger.branches.put(parent);
    if (total === 0) return this.#gather(parent, state);
    this.#toFill.add(parent.step);
    return null;
  }

  /** Starts the next branch of a Parallel or Map state; false when there is no room for one. */
  #startNext(step: number): boolean {
    const { branches } = this.#ledger;
    const parent = branches.at(step);
    if (parent === undefined || !isParent(parent)) return false;
    if (!branches.hasRoom(parent)) return false;
    const { started: index } = parent.wait;
    const state = this.#ledger.stateNamed(parent.state);
    const begun = beginBranch(state, this.#ledger.visit(parent), index);
    if (begun instanceof StateError) {
      this.#failInside(parent, state, begun, null);
      return false;
    }
    branches.put({ ...parent, wait: { ...parent.wait, started: index + 1 } });
    this.#moves.push(begun);
    return true;
  }

  /** What has room for more branches begins them in a turn of its own: others are served first. */
  #restUntilNextTurn(): void {
    const { branches, effects, now: dueAt } = this.#ledger;
    for (const step of this.#toFill) {
      const parent = branches.at(step);
      if (parent === undefined || !isParent(parent) || !branches.hasRoom(parent)) continue;
      branches.put({ ...parent, wait: { ...parent.wait, restsUntil: dueAt } });
      effects.push({ kind: 'setTimer', step, dueAt });
    }
    this.#toFill.clear();
  }

  /** Ends a Parallel or Map state with the list of what its branches left. */
  #gather(parent: ParentBranch, state: FlowState): Move | null {
    const left = this.#ledger.branches.takeResults(parent);
    const privatePaths = left.flatMap(({ index, privatePaths: paths }) =>
      paths.map((path) => [index, ...path]),
    );
    return this.#leave(parent, state, { value: left.map(({ data }) => data), privatePaths });
  }

  #leave(parent: ParentBranch, state: FlowState, output: Shown): Move | null {
    const resultPath = ('ResultPath' in state ? state.ResultPath : undefined) ?? '$';
    return this.#apply(parent, state, { kind: 'done', output, resultPath, input: null });
  }

  /** A branch has ended: the run with it, or it counts for the state around it. */
  #endBranch(branch: FlowBranch, failure: { error: string; cause: string } | null): void {
    const { branches } = this.#ledger;
    const { state: name, step, path } = branch;
    const parent = branches.parentOf(branch);
    if (parent === null) {
      this.#ledger.end(failure && { ...failure, state: name, step });
      return;
    }
    const state = this.#ledger.stateNamed(parent.state);
    if (isRace(parent) && failure?.error !== errorNames.limit) {
      this.#endRacer(parent, branch, failure);
      return;
    }
    if (failure !== null) {
      const cause = `${placeOf(path.slice(-2), name)}: ${failure.cause}`;
      const short = cause.slice(0, flowLimits.causeCharacters);
      this.#failInside(parent, state, new StateError(failure.error, short), branch);
      return;
    }
    branches.remove(branch);
    const noted = branches.addResult(parent, branch);
    if (noted.wait.ended < noted.wait.total) {
      this.#toFill.add(noted.step);
      return;
    }
    const move = this.#gather(noted, state);
    if (move !== null) this.#moves.push(move);
  }

  /** A branch of a race has ended: it decides, or the race goes on without it. */
  #endRacer(
    parent: RaceBranch,
    branch: FlowBranch,
    failure: { error: string; cause: string } | null,
  ): void {
    const { branches } = this.#ledger;
    const state = this.#ledger.stateNamed(parent.state);
    if (failure === null) {
      const others = branches.inside(parent).filter(({ step }) => step !== branch.step);
      const times = this.#ledger.expectedTimes;
      const output = raceResult(parent, state, { winner: branch, others, times }, this.#ledger.now);
      this.#ledger.giveUp(others);
      branches.clear(parent);
      const move = this.#leave(parent, state, output);
      if (move !== null) this.#moves.push(move);
      return;
    }
    branches.remove(branch);
    const noted = branches.addFailed(parent, branch, failedRacer(branch, failure));
    if (noted.wait.ended < noted.wait.total) {
      this.#toFill.add(noted.step);
      return;
    }
    branches.clear(noted);
    const move = this.#raise(noted, state, raceLost(noted));
    if (move !== null) this.#moves.push(move);
  }

  /** One branch of a Parallel or Map state failed: the others are given up, the state raises. */
  #failInside(
    parent: ParentBranch,
    state: FlowState,
    error: StateError,
    failed: FlowBranch | null,
  ): void {
    const { branches } = this.#ledger;
    const others = branches.inside(parent).filter(({ step }) => step !== failed?.step);
    this.#ledger.giveUp(others);
    branches.clear(parent);
    const move = this.#raise(parent, state, error);
    if (move !== null) this.#moves.push(move);
  }

  /** Tries again, goes where a Catcher says, or ends the branch. */
  #raise(branch: FlowBranch, state: FlowState, raised: StateError): Move | null {
    const ledger = this.#ledger;
    const error = hideInError(raised, state, ledger.visit(branch).scope);
    const failure = { error: error.errorName, cause: error.message };
    ledger.say(branch, 'Failed', failure);
    const answer = answerToError(state, branch, error, ledger.now);
    if (answer.kind === 'retry') {
      const { dueAt, attempt } = answer.wait;
      ledger.branches.put({ ...branch, retries: answer.retries, wait: answer.wait });
      ledger.effects.push({ kind: 'setTimer', step: branch.step, dueAt });
      ledger.say(branch, 'Retried', { attempt, due_at: dueAt });
      return null;
    }
    if (answer.kind === 'fail') {
      this.#endBranch(branch, failure);
      return null;
    }
    const { next, resultPath } = answer;
    const output = { value: answer.document, privatePaths: [] };
    const written = ledger.write(branch, output, resultPath);
    if (written instanceof StateError) {
      this.#endBranch(branch, { error: written.errorName, cause: written.message });
      return null;
    }
    ledger.say(branch, 'Caught', { next, result_path: resultPath }, output);
    return { branch: written, next };
  }
}

function reasonOf(wait: BranchWait): JsonObject {
  if (wait.kind === 'action') return { reason: wait.stalled };
  if (wait.kind !== 'webInput') return {};
  const { webInputId, title, expiresAt } = wait;
  return { web_input_id: webInputId, title, expires_at: expiresAt };
}
