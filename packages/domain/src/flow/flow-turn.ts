import { secondsBetween } from '../time.ts';
import type { Instant } from '../time.ts';
import type { FlowDefinition } from './definition.ts';
import { FlowDriver } from './flow-driver.ts';
import { FlowLedger } from './flow-ledger.ts';
import { newFlowBranch } from './flow-progress.ts';
import type {
  FlowBranch,
  FlowEffect,
  FlowEvent,
  FlowLogLine,
  FlowProgress,
  FlowRefusal,
} from './flow-progress.ts';
import { scopeOf } from './flow-scope.ts';
import { isParent, type ParentBranch } from './open-branches.ts';
import type { StepEvent } from './state-kind.ts';
import { kindOf } from './states/state-kinds.ts';
import { checkSize, problemOfInput } from './write-result.ts';

/** One call of `advanceFlow`: what each kind of event means for a run. */
export class FlowTurn {
  readonly #definition: FlowDefinition;
  readonly #ledger: FlowLedger;
  readonly #driver: FlowDriver;

  constructor(definition: FlowDefinition, run: FlowProgress, now: Instant) {
    this.#definition = definition;
    this.#ledger = new FlowLedger(definition, run, now);
    this.#driver = new FlowDriver(this.#ledger);
  }

  /** The new progress, and what must be done now. */
  result(): { run: FlowProgress; effects: FlowEffect[]; log: FlowLogLine[] } {
    return this.#ledger.result();
  }

  /** Takes one event; why it changes nothing, or null. */
  take(event: FlowEvent): FlowRefusal | null {
    const { endedAt, status } = this.#ledger.run;
    if (endedAt !== null) return { reason: 'ended', message: `the flow run is over (${status})` };
    if (event.kind === 'started') return this.#start(event);
    if (event.kind === 'canceled') return this.#cancel(event.by, event.reason);
    if (this.#ledger.run.startedAt === null) {
      return { reason: 'notStarted', message: 'the flow run has not started' };
    }
    if (event.kind === 'deadlineMoved') return this.#moveDeadline(event);
    return event.kind === 'resumed' ? this.#resume() : this.#step(event);
  }

  /** What a Choice reads from now on; branches stay where they are. */
  #moveDeadline(event: FlowEvent & { kind: 'deadlineMoved' }): FlowRefusal | null {
    const { context } = this.#ledger.run;
    const { deadlineAt, why } = event;
    const before = context['deadline'] ?? null;
    const isKnown = Object.entries(event.context).every(([name, value]) => context[name] === value);
    if (before === deadlineAt && isKnown) {
      return { reason: 'repeated', message: 'its deadline is that one' };
    }
    this.#ledger.change({ context: { ...context, ...event.context, deadline: deadlineAt } });
    if (before === deadlineAt) return null;
    const words = deadlineAt === null ? 'has no deadline any more' : `is due at ${deadlineAt}`;
    const details = { from: before, to: deadlineAt };
    this.#ledger.log.flow('DeadlineMoved', `The flow run ${words}: ${why}`, details);
    return null;
  }

  #start({ input, context, startAt }: FlowEvent & { kind: 'started' }): FlowRefusal | null {
    const ledger = this.#ledger;
    if (ledger.run.startedAt !== null) {
      return { reason: 'alreadyStarted', message: 'the flow run has started already' };
    }
    const problem = problemOfInput(input);
    if (problem !== null) return { reason: 'invalid', message: `the input: ${problem}` };
    const { StartAt, States } = this.#definition;
    const next = startAt ?? StartAt;
    if (!Object.hasOwn(States, next)) {
      const message = `a flow run begins at a state of the flow itself; ${next} is none`;
      return { reason: 'invalid', message };
    }
    const sizeBytes = checkSize(input, 'the input');
    ledger.change({ startedAt: ledger.now, data: input, sizeBytes, context });
    ledger.log.started(scopeOf(ledger.run), next === StartAt ? {} : { start_at: next });
    this.#driver.go({ branch: newFlowBranch(ledger.now), next });
    return null;
  }

  #cancel(by: string, reason: string): null {
    const ledger = this.#ledger;
    ledger.giveUp(ledger.branches.all());
    ledger.change({ canceled: { by, reason } });
    ledger.log.flow('Canceled', `The flow run was canceled by ${by}`, { by, reason });
    ledger.finish('ENDED', null);
    return null;
  }

  #resume(): FlowRefusal | null {
    const ledger = this.#ledger;
    const stopped = ledger.branches.waitingForPeople();
    if (stopped.length === 0) {
      return { reason: 'invalid', message: 'the flow run does not wait for a person' };
    }
    if (stopped.every(({ wait }) => wait?.kind === 'webInput')) {
      return { reason: 'invalid', message: 'the flow run goes on when its question is answered' };
    }
    for (const branch of stopped) {
      if (branch.wait?.kind !== 'action') continue;
      ledger.effects.push({ kind: 'resumeAction', step: branch.step });
      ledger.branches.put({ ...branch, wait: { ...branch.wait, stalled: null } });
    }
    ledger.updateStatus();
    ledger.log.flow('Resumed', 'The flow run goes on', {});
    return null;
  }

  #step(event: StepEvent): FlowRefusal | null {
    const ledger = this.#ledger;
    const branch = ledger.branches.at(event.step);
    if (branch === undefined) {
      return { reason: 'otherStep', message: `the flow run is past step ${event.step}` };
    }
    if (isParent(branch)) return this.#goOn(branch, event);
    if (branch.wait?.kind === 'retry') return this.#retryDue(branch, branch.wait.dueAt, event);
    const state = ledger.stateNamed(branch.state);
    const outcome = this.#driver.guarded(() =>
      kindOf(state).receive(state, ledger.visit(branch), event),
    );
    if (outcome.kind === 'refuse') return { reason: outcome.reason, message: outcome.message };
    this.#driver.follow(branch, state, outcome);
    return null;
  }

  /** A Parallel or Map state that rests goes on at once, whatever the clock says by now. */
  #goOn(branch: ParentBranch, { kind }: StepEvent): FlowRefusal | null {
    const { restsUntil, ...wait } = branch.wait;
    if (kind !== 'timerFired' || restsUntil === undefined) {
      const message = `step ${branch.step} waits for its branches`;
      return { reason: 'otherStep', message };
    }
    const going = { ...branch, wait };
    this.#ledger.branches.put(going);
    this.#driver.goOn(going);
    return null;
  }

  #retryDue(branch: FlowBranch, dueAt: Instant, event: StepEvent): FlowRefusal | null {
    if (event.kind !== 'timerFired') {
      return { reason: 'otherStep', message: `step ${branch.step} waits to be tried again` };
    }
    if (secondsBetween(this.#ledger.now, dueAt) > 0) {
      return { reason: 'early', message: `step ${branch.step} is tried again at ${dueAt}` };
    }
    this.#driver.go({ branch, next: branch.state, retries: branch.retries });
    return null;
  }
}
