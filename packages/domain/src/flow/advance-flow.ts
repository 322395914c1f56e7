import { addSeconds, secondsBetween } from '../time.ts';
import type { Instant } from '../time.ts';
import { findRule, retryDelaySeconds } from './catching.ts';
import type { Catcher, Retrier } from './catching.ts';
import type { FlowDefinition } from './definition.ts';
import { flowLimits } from './flow-limits.ts';
import { FlowLog } from './flow-log.ts';
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
import { errorNames, StateError } from './state-error.ts';
import type { StateOutcome, StateVisit, StepEvent } from './state-kind.ts';
import { kindOf } from './states/state-kinds.ts';
import type { FlowState } from './states/state-kinds.ts';
import { problemOfInput, writeResult } from './write-result.ts';

/** What an event led to: the new progress and what to do; or why it changed nothing. */
export type AdvanceResult =
  { run: FlowProgress; effects: FlowEffect[]; log: FlowLogLine[] } | { refusal: FlowRefusal };

/**
 * Takes a flow run on by one event, through all states that need not wait:
 *
 *     (new) ──started──▶ ACTIVE ──last state ended──────────────────▶ SUCCEEDED
 *                        │  ▲ │
 *           actionStalled│  │ ├──Fail state, uncaught error, limit──▶ FAILED
 *                        ▼  │ │
 *                    INACTIVE └──canceled───────────────────────────▶ ENDED
 *                           resumed; the action's end
 *
 *     a branch:  enter ──▶ done ──Next──▶ enter …         raise ──Retry──▶ wait ──timer──▶ enter
 *                  └──▶ wait ──actionEnded, timerFired──▶ done or raise └──Catch──▶ enter
 *
 * Pure: equal arguments give equal results, the arguments stay as they are. Events may come twice,
 * late, or for steps that are over; they are refused as values. `definition` is the one that the
 * run was started with. Effects and the new progress belong in one transaction.
 */
export function advanceFlow(
  definition: FlowDefinition,
  run: FlowProgress,
  event: FlowEvent,
  now: Instant,
): AdvanceResult {
  if (run.endedAt !== null) return refuse('ended', `the flow run is over (${run.status})`);
  const turn = new Turn(definition, run, now);
  const refusal = turn.take(event);
  return refusal === null ? turn.result() : { refusal };
}

function refuse(reason: FlowRefusal['reason'], message: string): { refusal: FlowRefusal } {
  return { refusal: { reason, message } };
}

/** One call of {@link advanceFlow}. The progress is replaced, never changed in place. */
class Turn {
  readonly #definition: FlowDefinition;
  readonly #now: Instant;
  readonly #effects: FlowEffect[] = [];
  readonly #log: FlowLog;
  #run: FlowProgress;
  #visits = 0;

  constructor(definition: FlowDefinition, run: FlowProgress, now: Instant) {
    this.#definition = definition;
    this.#run = { ...run, visits: { ...run.visits } };
    this.#now = now;
    this.#log = new FlowLog(now);
  }

  result(): AdvanceResult {
    return { run: this.#run, effects: this.#effects, log: this.#log.lines };
  }

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
    this.#drive(newBranch(this.#now), this.#definition.StartAt);
    return null;
  }

  #cancel(by: string, reason: string): null {
    for (const { step, state, wait } of this.#run.branches) {
      if (wait?.kind === 'action') this.#effects.push({ kind: 'cancelAction', step });
      this.#log.state(this.#typeOf(state), 'Canceled', state, step, {});
    }
    this.#run = { ...this.#run, canceled: { by, reason }, branches: [] };
    this.#log.flow('Canceled', `The flow run was canceled by ${by}`, { by, reason });
    this.#finish('ENDED', null);
    return null;
  }

  #resume(): FlowRefusal | null {
    if (this.#run.status !== 'INACTIVE') {
      return { reason: 'invalid', message: 'the flow run does not wait for a person' };
    }
    const branches = this.#run.branches.map((branch): FlowBranch => {
      if (branch.wait?.kind !== 'action' || branch.wait.stalled === null) return branch;
      this.#effects.push({ kind: 'resumeAction', step: branch.step });
      return { ...branch, wait: { ...branch.wait, stalled: null } };
    });
    this.#run = { ...this.#run, status: 'ACTIVE', branches };
    this.#log.flow('Resumed', 'The flow run goes on', {});
    return null;
  }

  #step(event: StepEvent): FlowRefusal | null {
    const branch = this.#run.branches.find(({ step }) => step === event.step);
    if (branch === undefined) {
      return { reason: 'otherStep', message: `the flow run is past step ${event.step}` };
    }
    if (branch.wait?.kind === 'retry') return this.#retryDue(branch, branch.wait.dueAt, event);
    const state = this.#stateNamed(branch.state);
    const outcome = this.#guarded(() => kindOf(state).receive(state, this.#visit(branch), event));
    if (outcome.kind === 'refuse') return { reason: outcome.reason, message: outcome.message };
    const next = this.#apply(branch, state, outcome);
    if (next !== null) this.#drive(branch, next);
    this.#updateStatus();
    return null;
  }

  #retryDue(branch: FlowBranch, dueAt: Instant, event: StepEvent): FlowRefusal | null {
    if (event.kind !== 'timerFired') {
      return { reason: 'otherStep', message: `step ${branch.step} waits to be tried again` };
    }
    if (secondsBetween(this.#now, dueAt) > 0) {
      return { reason: 'early', message: `step ${branch.step} is tried again at ${dueAt}` };
    }
    this.#drive(branch, branch.state, branch.retries);
    return null;
  }

  /** Runs a branch until it waits or is over. */
  #drive(from: FlowBranch, start: string, retries: number[] = []): void {
    let branch = from;
    let next: string | null = start;
    let spent = retries;
    while (next !== null) {
      branch = this.#enterBranch(branch, next, spent);
      spent = [];
      const state = this.#stateNamed(next);
      const outcome = this.#guarded(() => this.#enter(state, branch));
      next = this.#apply(branch, state, outcome);
    }
    this.#updateStatus();
  }

  /** Notes the visit: a new step, which replaces the branch's last. */
  #enterBranch(from: FlowBranch, state: string, retries: number[]): FlowBranch {
    const step = this.#run.stepSequence + 1;
    this.#visits += 1;
    const branch = { ...from, state, step, enteredAt: this.#now, retries, wait: null };
    const others = this.#run.branches.filter((other) => other.step !== from.step);
    const { visits } = this.#run;
    const before = Object.hasOwn(visits, state) ? (visits[state] ?? 0) : 0;
    Object.defineProperty(visits, state, {
      value: before + 1,
      enumerable: true,
      writable: true,
      configurable: true,
    });
    this.#run = { ...this.#run, stepSequence: step, branches: [...others, branch] };
    return branch;
  }

  #enter(state: FlowState, branch: FlowBranch): StateOutcome {
    const { stateVisits, stateVisitsPerAdvance } = flowLimits;
    if (this.#visits > stateVisitsPerAdvance) {
      throw new StateError(
        errorNames.limit,
        `${stateVisitsPerAdvance} states in a row without an Action or a Wait between; ` +
          'put a Wait in the loop',
      );
    }
    if (this.#run.stepSequence > stateVisits) {
      throw new StateError(errorNames.limit, `more than ${stateVisits} states in one flow run`);
    }
    return kindOf(state).enter(state, this.#visit(branch));
  }

  #visit(branch: FlowBranch): StateVisit {
    return { branch, scope: scopeOf(this.#run), now: this.#now };
  }

  #guarded(act: () => StateOutcome): StateOutcome {
    try {
      return act();
    } catch (error) {
      if (error instanceof StateError) return { kind: 'raise', error, effects: [] };
      throw error;
    }
  }

  /** Carries out an outcome; the name of the next state, or null when the branch rests or ends. */
  #apply(branch: FlowBranch, state: FlowState, outcome: StateOutcome): string | null {
    const { step, state: name } = branch;
    const log = (phase: 'Started' | 'Completed', shown: Shown | null, more: JsonObject): void =>
      this.#log.state(state.Type, phase, name, step, more, shown);
    const entering = branch.wait === null;
    switch (outcome.kind) {
      case 'refuse':
        return null;
      case 'block':
        if (entering) log('Started', outcome.input, {});
        else this.#log.state(state.Type, 'Stalled', name, step, reasonOf(outcome.wait));
        this.#effects.push(...outcome.effects);
        this.#replace({ ...branch, wait: outcome.wait });
        return null;
      case 'goTo':
        log('Started', null, {});
        log('Completed', null, outcome.details);
        return outcome.next;
      case 'end':
        log('Started', null, {});
        log('Completed', null, outcome.failure === null ? {} : { ...outcome.failure });
        this.#end(outcome.failure === null ? null : { ...outcome.failure, state: name, step });
        return null;
      case 'raise':
        if (entering) log('Started', null, {});
        this.#effects.push(...outcome.effects);
        return this.#raise(branch, state, outcome.error);
      case 'done': {
        if (entering) log('Started', outcome.input, {});
        const problem = this.#write(outcome.output, outcome.resultPath);
        if (problem !== null) return this.#raise(branch, state, problem);
        const where = outcome.output === null ? {} : { result_path: outcome.resultPath };
        log('Completed', outcome.output, where);
        return this.#follow(state, branch);
      }
    }
  }

  #follow(state: FlowState, branch: FlowBranch): string | null {
    const next = 'Next' in state ? state.Next : undefined;
    if (next !== undefined) return next;
    this.#replace(branch, null);
    this.#end(null);
    return null;
  }

  #write(output: Shown | null, resultPath: string): StateError | null {
    try {
      if (output !== null) this.#run = writeResult(this.#run, output, resultPath);
      return null;
    } catch (error) {
      if (error instanceof StateError) return error;
      throw error;
    }
  }

  /** Tries again, goes where a Catcher says, or ends the run. */
  #raise(branch: FlowBranch, state: FlowState, error: StateError): string | null {
    const { step, state: name } = branch;
    const failure = { error: error.errorName, cause: error.message, state: name, step };
    this.#log.state(state.Type, 'Failed', name, step, {
      error: failure.error,
      cause: failure.cause,
    });
    const retriers = 'Retry' in state ? state.Retry : undefined;
    if (this.#retry(branch, retriers, error)) return null;
    const catchers: Catcher[] = ('Catch' in state ? state.Catch : undefined) ?? [];
    const catcher = catchers[findRule(catchers, error.errorName)];
    if (catcher === undefined) {
      this.#end(failure);
      return null;
    }
    const document = {
      state_name: name,
      ...error.output,
      Error: failure.error,
      Cause: failure.cause,
    };
    const output = { value: document, privatePaths: [] };
    const problem = this.#write(output, catcher.ResultPath ?? '$');
    if (problem === null) {
      const more = { next: catcher.Next, result_path: catcher.ResultPath ?? '$' };
      this.#log.state(state.Type, 'Caught', name, step, more, output);
      return catcher.Next;
    }
    this.#end({ error: problem.errorName, cause: problem.message, state: name, step });
    return null;
  }

  #retry(branch: FlowBranch, rules: Retrier[] | undefined, error: StateError): boolean {
    const index = findRule(rules, error.errorName);
    const rule = rules?.[index];
    const attempt = (branch.retries[index] ?? 0) + 1;
    if (rule === undefined || attempt > rule.MaxAttempts) return false;
    const dueAt = addSeconds(this.#now, retryDelaySeconds(rule, attempt));
    const retries = (rules ?? []).map((_, other) =>
      other === index ? attempt : (branch.retries[other] ?? 0),
    );
    const wait = { kind: 'retry' as const, dueAt, attempt, error: error.errorName };
    this.#replace({ ...branch, retries, wait });
    this.#effects.push({ kind: 'setTimer', step: branch.step, dueAt });
    const { step, state } = branch;
    this.#log.state(this.#typeOf(state), 'Retried', state, step, { attempt, due_at: dueAt });
    return true;
  }

  #replace(branch: FlowBranch, by: FlowBranch | null = branch): void {
    const others = this.#run.branches.filter(({ step }) => step !== branch.step);
    this.#run = { ...this.#run, branches: by === null ? others : [...others, by] };
  }

  /** Ends the run: with a failure, or well when no branch is left. */
  #end(failure: FlowFailure | null): void {
    for (const { step, wait } of this.#run.branches) {
      if (wait?.kind === 'action' && failure?.step !== step) {
        this.#effects.push({ kind: 'cancelAction', step });
      }
    }
    this.#run = { ...this.#run, failure, branches: [] };
    if (failure === null) {
      this.#log.flow('Succeeded', 'The flow run completed successfully', {});
      this.#finish('SUCCEEDED', null);
    } else {
      this.#log.flow('Failed', `The flow run failed: ${failure.cause}`, { ...failure });
      this.#finish('FAILED', failure);
    }
  }

  #finish(status: 'SUCCEEDED' | 'FAILED' | 'ENDED', failure: FlowFailure | null): void {
    this.#run = { ...this.#run, status, endedAt: this.#now };
    this.#effects.push({ kind: 'finishRun', status, failure });
  }

  #updateStatus(): void {
    if (this.#run.endedAt !== null) return;
    const stalls = this.#run.branches.some(
      ({ wait }) => wait?.kind === 'action' && wait.stalled !== null,
    );
    this.#run = { ...this.#run, status: stalls ? 'INACTIVE' : 'ACTIVE' };
  }

  #stateNamed(name: string): FlowState {
    const { States: states } = this.#definition;
    const state = Object.hasOwn(states, name) ? states[name] : undefined;
    if (state !== undefined) return state;
    throw new RangeError(`advancing a flow run: its definition has no state ${name}`);
  }

  #typeOf(name: string): string {
    return this.#stateNamed(name).Type;
  }
}

function reasonOf(wait: BranchWait): JsonObject {
  return wait.kind === 'action' ? { reason: wait.stalled } : {};
}

function newBranch(now: Instant): FlowBranch {
  return { path: [], state: '', step: 0, enteredAt: now, retries: [], wait: null };
}
