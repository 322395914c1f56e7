import { ZodError } from 'zod';
import { DomainError } from '@interpulse/domain/error.ts';
import { advanceFlowBy } from '@interpulse/domain/flow/advance-flow-by.ts';
import type { FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import { dueAtOf } from '@interpulse/domain/flow/due-at.ts';
import { explainFlow } from '@interpulse/domain/flow/explain-flow.ts';
import type {
  FlowEffect,
  FlowEvent,
  FlowLogLine,
  FlowProgress,
} from '@interpulse/domain/flow/flow-progress.ts';
import { FlowView } from '@interpulse/domain/flow/flow-view.ts';
import { adaptForeignInput } from '@interpulse/domain/flow/import/foreign-input.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { resumeActionRun } from '@interpulse/store/action-runs/write-action-runs.ts';
import { saveBranches } from '@interpulse/store/flow-runs/flow-branches.ts';
import {
  saveProgress,
  type LockedFlowRun,
  type StepChange,
} from '@interpulse/store/flow-runs/write-flow-runs.ts';
import { actionNamed } from '../actions/deferred-action.ts';
import type { ActionStart } from '../actions/action.ts';
import { secondsBetween, type Instant } from '@interpulse/domain/time.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { fireFlowTriggers } from '../triggers/flow-event.ts';
import { carryOutWebInput, concernsWebInputs } from '../web-inputs/carry-out-web-input.ts';
import { actionName, chooseAction, refuseAction } from './choose-action.ts';
import { cancelSteps } from './cancel-steps.ts';
import { deferAction } from './defer-action.ts';
import { countedTypes } from './counted-types.ts';
import { flowTimerRoundSeconds } from './flow-timer-round.ts';
import { documentsOf } from './document-cache.ts';
import { readBranches, withBranches } from './read-branches.ts';
import { actorOf, type Actor } from './run-as.ts';
import { stepsOfLog } from './steps-of-log.ts';

/** A provider's answer by step, to be written with the step. */
interface Started {
  provider: string;
  jobId: string | null;
  transferId: string | null;
}

/**
 * Takes a locked flow run on by events: advances it, starts what it asks for, feeds the answers
 * of actions that end at once back in, and writes everything in the same transaction. A refused
 * event (late, doubled) changes nothing; the answer is false when all were.
 */
export async function enact(
  hub: Hub,
  tx: HubTransaction,
  run: LockedFlowRun,
  ...events: readonly FlowEvent[]
): Promise<boolean> {
  const definition = await hub.definitions.get(run.flowName, run.flowVersion, tx);
  const turn = new Turn(hub, tx, run, definition);
  if (!(await turn.take(events))) return false;
  await turn.save();
  if (turn.hasEnded && run.core.endedAt === null) await fireFlowTriggers(hub, tx, run);
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
  readonly #actors = new Map<string, Promise<Actor>>();
  readonly #view: FlowView;
  #resultDatasetId: string | null = null;

  constructor(hub: Hub, tx: HubTransaction, run: LockedFlowRun, definition: FlowDefinition) {
    this.#hub = hub;
    this.#tx = tx;
    this.#run = run;
    this.#definition = definition;
    this.#view = new FlowView(run.core, run.data);
    this.#at = hub.now();
  }

  get hasEnded(): boolean {
    return this.#view.progress.endedAt !== null;
  }

  /** Applies events and all that follows from them at once; false when none was taken. */
  async take(first: readonly FlowEvent[]): Promise<boolean> {
    const view = this.#view;
    await readBranches(this.#tx, this.#run.id, view, first);
    let changed = false;
    for (let events = first; events.length > 0;) {
      const taken = events;
      const result = await withBranches(this.#tx, this.#run.id, view, () =>
        advanceFlowBy(this.#definition, view.progress, taken, this.#at),
      );
      if (result.refusals.every((refusal) => refusal !== null)) break;
      changed = true;
      view.progress = result.run;
      this.#log.push(...result.log);
      events = await this.#carryOutAll(result.effects);
    }
    return changed;
  }

  /** What is given up comes last, and together: it may have been started just before. */
  async #carryOutAll(effects: readonly FlowEffect[]): Promise<FlowEvent[]> {
    const answers: FlowEvent[] = [];
    for (const effect of effects) answers.push(...(await this.#carryOut(effect)));
    const given = effects.filter(({ kind }) => kind === 'cancelAction');
    const steps = given.map((effect) => {
      const { step } = effect as FlowEffect & { kind: 'cancelAction' };
      return { step, started: this.#started.get(step) };
    });
    if (steps.length > 0) await cancelSteps(this.#hub, this.#tx, this.#run.id, steps, this.#at);
    return answers;
  }

  async #carryOut(effect: FlowEffect): Promise<FlowEvent[]> {
    if (effect.kind === 'startAction') return this.#startAction(effect);
    if (effect.kind === 'finishRun') this.#tx.notify([topics.flowRunEnds]);
    if (concernsWebInputs(effect)) {
      const { tx, run, at } = { tx: this.#tx, run: this.#run, at: this.#at };
      return carryOutWebInput(
        { hub: this.#hub, tx, run, definition: this.#definition, at },
        effect,
      );
    }
    if (effect.kind === 'setTimer') this.#noteTimer(effect.dueAt);
    if (effect.kind === 'resumeAction') {
      const resumed = await resumeActionRun(this.#tx, this.#run.id, effect.step, this.#at);
      if (resumed) this.#tx.notify([topics.actions]);
    }
    return [];
  }

  /** What is due later is found by the round that comes before it. */
  #noteTimer(dueAt: Instant): void {
    const isSoon = secondsBetween(this.#at, dueAt) <= flowTimerRoundSeconds;
    if (isSoon) this.#tx.notify([topics.flowTimers]);
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
      const { name: action } = chooseAction(provider, this.#hub.mapping);
      const actor = await this.#actor(effect.runAs);
      const { ownerId, project } = 'refusal' in actor ? run : actor;
      const more = { action: action ?? '', flowRunId: run.id, ownerId, project };
      await deferAction(this.#hub, tx, { ...effect, ...more }, start, at);
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
    const actor = await this.#actor(effect.runAs);
    if ('refusal' in actor) return { kind: 'unable', reason: `${state}: ${actor.refusal}` };
    const { tx, at } = { tx: this.#tx, at: this.#at };
    const run = { ...this.#run, ...actor };
    try {
      return await action.start({ ...effect, hub: this.#hub, tx, run, at, ...adapted });
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === null) throw error;
      return { kind: 'unable', reason: `${state}: ${reason}` };
    }
  }

  /** For whom actions are carried out; asked once in a turn, since a Map starts thousands. */
  async #actor(runAs: string): Promise<Actor> {
    const known = this.#actors.get(runAs) ?? actorOf(this.#tx, this.#run, runAs);
    this.#actors.set(runAs, known);
    return known;
  }

  /** Writes what was changed, and nothing else. */
  async save(): Promise<void> {
    const run = this.#run;
    const { progress } = this.#view;
    const core = this.#view.core();
    const steps = [...stepsOfLog(this.#log).values()].map((step) => this.#withProvider(step));
    const own = core.branches[0];
    const change = {
      id: run.id,
      project: run.project,
      flowName: run.flowName,
      core,
      data: progress.data === run.data ? null : progress.data,
      stateName: own?.state ?? null,
      reason: reasonOf(progress),
      wakeAt: dueAtOf(own?.wait ?? null),
      stepsDone: steps.filter((step) => isCounted(step, this.#definition)).length,
      resultDatasetId: this.#resultDatasetId,
      steps,
      log: this.#log,
      at: this.#at,
    };
    const saved = Promise.all([
      saveBranches(this.#tx, run.id, this.#view.changes()),
      saveProgress(this.#tx, change, run.revision + 1),
    ]);
    this.#tx.commitWith(saved);
    this.#tx.notify([eventsTopic]);
    this.#rememberDocument(change.data === null ? run.dataRevision : run.revision + 1);
  }

  #rememberDocument(revision: number): void {
    const documents = documentsOf(this.#hub);
    const { data, sizeBytes, endedAt } = this.#view.progress;
    this.#tx.afterCommit(() => {
      if (endedAt === null) documents.put(this.#run.id, { revision, data, sizeBytes });
      else documents.drop(this.#run.id);
    });
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
