import type { JsonObject } from '../json.ts';
import { addSeconds } from '../time.ts';
import type { Instant } from '../time.ts';
import { deadlineFacts } from './deadline-facts.ts';
import type { FlowDefinition } from './definition.ts';
import { expectedSteps } from './expected-steps.ts';
import { expectedTimesSchema, type ExpectedTimes } from './expected-times.ts';
import { FlowLog } from './flow-log.ts';
import type { StatePhase } from './flow-log.ts';
import { noBranches } from './flow-progress.ts';
import type {
  FlowBranch,
  FlowEffect,
  FlowFailure,
  FlowLogLine,
  FlowProgress,
} from './flow-progress.ts';
import { scopeOf } from './flow-scope.ts';
import type { Shown } from './flow-scope.ts';
import { OpenBranches } from './open-branches.ts';
import { StateError } from './state-error.ts';
import type { StateVisit } from './state-kind.ts';
import { countVisit } from './state-visits.ts';
import type { FlowState } from './states/state-kinds.ts';
import { allStates } from './sub-flow.ts';
import { tryWriteResult } from './write-result.ts';

/**
 * What one call of `advanceFlow` changes: the run with its branches, the effects, the log. The
 * progress given is replaced, never changed in place.
 */
export class FlowLedger {
  readonly now: Instant;
  readonly effects: FlowEffect[] = [];
  readonly log: FlowLog;
  readonly branches: OpenBranches;
  readonly #definition: FlowDefinition;
  readonly #states: Map<string, FlowState>;
  #expectedTimes: ExpectedTimes;
  /** Where the flow itself is, whatever its branches do. */
  #top: FlowBranch | undefined;
  /** How long the rest takes from there; the same for thousands of items of a Map. */
  #remaining: { step: number | undefined; seconds: number | null } | null = null;
  #run: FlowProgress;
  readonly #visitsBefore: number;

  constructor(definition: FlowDefinition, run: FlowProgress, now: Instant) {
    this.#definition = definition;
    this.#states = allStates(definition);
    this.#run = { ...run, visits: { ...run.visits } };
    this.#visitsBefore = run.stepSequence;
    this.branches = new OpenBranches(run);
    this.#expectedTimes = timesOf(run.context);
    this.#top = run.branches.find(({ path }) => path.length === 0);
    this.now = now;
    this.log = new FlowLog(now);
  }

  /** The run as it stands; its branches are in `branches`. */
  get run(): Readonly<FlowProgress> {
    return this.#run;
  }

  /** Visits of states in this turn. */
  get visitsOfTurn(): number {
    return this.#run.stepSequence - this.#visitsBefore;
  }

  /** The new progress, and what must be done now. */
  result(): { run: FlowProgress; effects: FlowEffect[]; log: FlowLogLine[] } {
    const { branches } = this;
    const open =
      this.#run.endedAt === null
        ? { branches: branches.list(), results: branches.results(), counts: branches.counts }
        : { branches: [], results: [], counts: noBranches };
    const { predictedFinishAt: _, ...run } = this.#run;
    const seconds = run.endedAt === null ? this.#remainingSeconds() : null;
    const foreseen = seconds === null ? {} : { predictedFinishAt: addSeconds(this.now, seconds) };
    const after = { ...run, ...foreseen, ...open };
    return { run: after, effects: this.effects, log: this.log.lines };
  }

  /** Changes facts of the run. */
  change(facts: Partial<FlowProgress>): void {
    this.#run = { ...this.#run, ...facts };
    if (facts.context === undefined) return;
    this.#expectedTimes = timesOf(facts.context);
    this.#remaining = null;
  }

  /** What earlier runs teach of the states. */
  get expectedTimes(): ExpectedTimes {
    return this.#expectedTimes;
  }

  /** Throws a `RangeError` for a name that the definition does not have. */
  stateNamed(name: string): FlowState {
    const state = this.#states.get(name);
    if (state === undefined) {
      throw new RangeError(`advancing a flow run: its definition has no state ${name}`);
    }
    return state;
  }

  /** What a state sees of a branch that is at it. */
  visit(branch: FlowBranch): StateVisit {
    const scope = scopeOf({ ...this.#run, context: this.#contextNow() }, branch.inner);
    return { branch, scope, now: this.now };
  }

  /** The run's context with what its deadline means at this instant. */
  #contextNow(): JsonObject {
    const { deadline, expected: _, follows_shot_clock: __, ...context } = this.#run.context;
    const at = typeof deadline === 'string' ? deadline : null;
    return { ...context, deadline: deadlineFacts(at, this.#remainingSeconds(), this.now) };
  }

  /** How long the rest is expected to take; null while nothing is known of it. */
  #remainingSeconds(): number | null {
    const top = this.#top;
    if (top === undefined || Object.keys(this.expectedTimes).length === 0) return null;
    if (this.#remaining?.step !== top.step) {
      // What it waits for has changed since it came there.
      const place = { ...top, ...this.branches.at(top.step), visits: this.#run.visits };
      const way = expectedSteps(this.#definition, this.expectedTimes, place, this.now);
      this.#remaining = { step: top.step, seconds: way.at(-1)?.endSeconds ?? null };
    }
    return this.#remaining.seconds;
  }

  /** Notes that a branch enters a state: a new step, which replaces the branch's last. */
  enter(from: FlowBranch, state: string, retries: number[]): FlowBranch {
    const step = this.#run.stepSequence + 1;
    const branch = { ...from, state, step, enteredAt: this.now, retries, wait: null };
    countVisit(this.#run.visits, state);
    this.change({ stepSequence: step });
    if (branch.path.length === 0) this.#top = branch;
    this.branches.remove(from);
    this.branches.put(branch);
    return branch;
  }

  /** Writes a log line about the state that a branch is at. */
  say(branch: FlowBranch, phase: StatePhase, more: JsonObject, shown: Shown | null = null): void {
    this.log.state(this.stateNamed(branch.state).Type, phase, branch, more, shown);
  }

  /** The branch with the output in its state document, or why it cannot be written. */
  write(branch: FlowBranch, output: Shown | null, resultPath: string): FlowBranch | StateError {
    if (output === null) return branch;
    const { inner } = branch;
    const written = tryWriteResult(inner ?? this.#run, output, resultPath);
    if (written instanceof StateError) return written;
    if (inner !== undefined) return { ...branch, inner: { ...inner, ...written } };
    this.change(written);
    return branch;
  }

  /** Gives up what branches wait for. */
  giveUp(branches: readonly FlowBranch[]): void {
    for (const branch of branches) {
      if (branch.wait?.kind === 'action') {
        this.effects.push({ kind: 'cancelAction', step: branch.step });
      }
      if (branch.wait?.kind === 'webInput' && branch.wait.webInputId !== null) {
        const { webInputId } = branch.wait;
        this.effects.push({ kind: 'leaveWebInput', step: branch.step, webInputId });
      }
      this.say(branch, 'Canceled', {});
    }
  }

  /** Ends the run by its own doing: with a failure, or well. */
  end(failure: FlowFailure | null): void {
    this.change({ failure });
    if (failure === null) this.log.flow('Succeeded', 'The flow run completed successfully', {});
    else this.log.flow('Failed', `The flow run failed: ${failure.cause}`, { ...failure });
    this.finish(failure === null ? 'SUCCEEDED' : 'FAILED', failure);
  }

  /** Notes that the run is over. */
  finish(status: 'SUCCEEDED' | 'FAILED' | 'ENDED', failure: FlowFailure | null): void {
    this.change({ status, endedAt: this.now });
    this.effects.push({ kind: 'finishRun', status, failure });
  }

  /** A run needs a person while one of its actions does, or waits for an answer. */
  updateStatus(): void {
    if (this.#run.endedAt !== null) return;
    const stalls = this.branches.counts.waitForPeople > 0;
    this.change({ status: stalls ? 'INACTIVE' : 'ACTIVE' });
  }
}

function timesOf(context: JsonObject): ExpectedTimes {
  return expectedTimesSchema.safeParse(context['expected']).data ?? {};
}
