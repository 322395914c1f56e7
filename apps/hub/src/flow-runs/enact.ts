import { ZodError } from 'zod';
import { DomainError } from '@interpulse/domain/error.ts';
import { advanceFlow } from '@interpulse/domain/flow/advance-flow.ts';
import type { FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import { dueAtOf } from '@interpulse/domain/flow/due-at.ts';
import { explainFlow } from '@interpulse/domain/flow/explain-flow.ts';
import type {
  FlowEffect,
  FlowEvent,
  FlowLogLine,
  FlowProgress,
} from '@interpulse/domain/flow/flow-progress.ts';
import { adaptForeignInput } from '@interpulse/domain/flow/import/foreign-input.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { resumeActionRun } from '@interpulse/store/action-runs/write-action-runs.ts';
import {
  saveProgress,
  type LockedFlowRun,
  type StepChange,
} from '@interpulse/store/flow-runs/write-flow-runs.ts';
import { actionNamed } from '../actions/deferred-action.ts';
import type { ActionStart } from '../actions/action.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { carryOutWebInput, concernsWebInputs } from '../web-inputs/carry-out-web-input.ts';
import { actionName, chooseAction, refuseAction } from './choose-action.ts';
import { cancelStep } from './cancel-step.ts';
import { deferAction } from './defer-action.ts';
import { countedTypes } from './counted-types.ts';
import { stepsOfLog } from './steps-of-log.ts';

/** A provider's answer by step, to be written with the step. */
interface Started {
  provider: string;
  jobId: string | null;
  transferId: string | null;
}

/**
 * Takes a locked flow run on by an event: advances it, starts what it asks for, feeds the answers
 * of actions that end at once back in, and writes everything in the same transaction. A refused
 * event (late, doubled) changes nothing; the answer is false.
 */
export async function enact(
  hub: Hub,
  tx: HubTransaction,
  run: LockedFlowRun,
  first: FlowEvent,
): Promise<boolean> {
  const definition = await hub.definitions.get(run.flowName, run.flowVersion, tx);
  const turn = new Turn(hub, tx, run, definition);
  if (!(await turn.take(first))) return false;
  await turn.save();
  return true;
}

class Turn {
  readonly #hub: Hub;
  readonly #tx: HubTransaction;
  readonly #run: LockedFlowRun;
  readonly #definition: FlowDefinition;
  readonly #at: string;
  readonly #log: FlowLogLine[] = [];
  readonly #started = new Map<number, Started>();
  #progress: FlowProgress;
  #resultDatasetId: string | null = null;

  constructor(hub: Hub, tx: HubTransaction, run: LockedFlowRun, definition: FlowDefinition) {
    this.#hub = hub;
    this.#tx = tx;
    this.#run = run;
    this.#definition = definition;
    this.#progress = run.progress;
    this.#at = hub.now();
  }

  /** Applies an event and all that follows from it at once. */
  async take(first: FlowEvent): Promise<boolean> {
    const events: FlowEvent[] = [first];
    let changed = false;
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      const result = advanceFlow(this.#definition, this.#progress, event, this.#at);
      if ('refusal' in result) continue;
      changed = true;
      this.#progress = result.run;
      this.#log.push(...result.log);
      for (const effect of result.effects) events.push(...(await this.#carryOut(effect)));
    }
    return changed;
  }

  async #carryOut(effect: FlowEffect): Promise<FlowEvent[]> {
    if (effect.kind === 'startAction') return this.#startAction(effect);
    if (concernsWebInputs(effect)) {
      const { tx, run, at } = { tx: this.#tx, run: this.#run, at: this.#at };
      return carryOutWebInput(
        { hub: this.#hub, tx, run, definition: this.#definition, at },
        effect,
      );
    }
    if (effect.kind === 'setTimer') this.#tx.notify([topics.flowTimers]);
    if (effect.kind === 'resumeAction') {
      const resumed = await resumeActionRun(this.#tx, this.#run.id, effect.step, this.#at);
      if (resumed) this.#tx.notify([topics.actions]);
    }
    if (effect.kind === 'cancelAction') {
      const { step } = effect;
      const started = this.#started.get(step);
      await cancelStep(this.#hub, this.#tx, { flowRunId: this.#run.id, step, started }, this.#at);
    }
    return [];
  }

  async #startAction(effect: FlowEffect & { kind: 'startAction' }): Promise<FlowEvent[]> {
    const { step, provider } = effect;
    const start = await this.#tryStart(effect);
    this.#started.set(step, {
      provider: actionName(provider),
      jobId: start.kind === 'pending' ? (start.jobId ?? null) : null,
      transferId: start.kind === 'pending' ? (start.transferId ?? null) : null,
    });
    if (start.kind === 'pending') return [];
    if (start.kind === 'deferred') {
      const { tx, run, at } = { tx: this.#tx, run: this.#run, at: this.#at };
      const { name } = chooseAction(provider, this.#hub.mapping);
      const deferred = { ...effect, action: name ?? '', flowRunId: run.id };
      await deferAction(this.#hub, tx, deferred, start.request, at);
      return [];
    }
    if (start.kind === 'unable') return [{ kind: 'actionUnableToRun', step, reason: start.reason }];
    this.#resultDatasetId = start.resultDatasetId ?? this.#resultDatasetId;
    return [{ kind: 'actionEnded', step, statusDocument: start.document }];
  }

  async #tryStart(effect: FlowEffect & { kind: 'startAction' }): Promise<ActionStart> {
    const { state, provider, input } = effect;
    const { mapping } = this.#hub;
    const { name, foreign } = chooseAction(provider, mapping);
    const action = name === null ? undefined : actionNamed(name);
    if (!action) return { kind: 'unable', reason: refuseAction(provider) };
    const adapted = foreign === null ? { input } : adaptForeignInput(foreign, input, mapping);
    if ('problems' in adapted) {
      return { kind: 'unable', reason: `${state}: ${adapted.problems.join('; ')}` };
    }
    const { tx, run, at } = { tx: this.#tx, run: this.#run, at: this.#at };
    try {
      return await action.start({ ...effect, hub: this.#hub, tx, run, at, ...adapted });
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === null) throw error;
      return { kind: 'unable', reason: `${state}: ${reason}` };
    }
  }

  async save(): Promise<void> {
    const run = this.#run;
    const progress = this.#progress;
    const steps = [...stepsOfLog(this.#log).values()].map((step) => this.#withProvider(step));
    await saveProgress(
      this.#tx,
      {
        id: run.id,
        project: run.project,
        flowName: run.flowName,
        progress,
        stateName: progress.branches.find(({ path }) => path.length === 0)?.state ?? null,
        reason: reasonOf(progress),
        wakeAt: earliestTimer(progress),
        stepsDone: steps.filter((step) => isCounted(step, this.#definition)).length,
        resultDatasetId: this.#resultDatasetId,
        steps,
        log: this.#log,
        at: this.#at,
      },
      run.revision + 1,
    );
    this.#tx.notify([eventsTopic]);
  }

  #withProvider(step: StepChange): StepChange {
    return { ...step, ...this.#started.get(step.sequence) };
  }
}

/** Steps of the flow itself count; what is inside a Parallel or Map counts as that state. */
function isCounted({ stateName, status }: StepChange, { States: states }: FlowDefinition): boolean {
  const state = Object.hasOwn(states, stateName) ? states[stateName] : undefined;
  return status === 'succeeded' && state !== undefined && countedTypes.has(state.Type);
}

/** Why an action could not be started for its caller's reasons; null for everything else. */
function refusalOf(error: unknown): string | null {
  if (error instanceof ZodError) {
    return error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`)
      .join('; ');
  }
  const ours = error instanceof DomainError && error.kind !== 'unavailable';
  return ours ? error.message : null;
}

function reasonOf(progress: FlowProgress): string | null {
  if (progress.failure) return `${progress.failure.error}: ${progress.failure.cause}`;
  if (progress.canceled) return `canceled by ${progress.canceled.by}: ${progress.canceled.reason}`;
  return progress.endedAt === null ? explainFlow(progress).sentence : null;
}

function earliestTimer(progress: FlowProgress): string | null {
  const times = progress.branches.flatMap(({ wait }) => {
    const dueAt = dueAtOf(wait);
    return dueAt === null ? [] : [dueAt];
  });
  return times.toSorted()[0] ?? null;
}
