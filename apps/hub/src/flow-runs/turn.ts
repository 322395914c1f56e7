import { advanceFlowBy } from '@interpulse/domain/flow/advance-flow.ts';
import type { FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import { dueAtOf } from '@interpulse/domain/flow/due-at.ts';
import { explainFlow } from '@interpulse/domain/flow/explain-flow.ts';
import type {
  FlowEffect,
  FlowEvent,
  FlowLogLine,
  FlowProgress,
} from '@interpulse/domain/flow/flow-progress.ts';
import { FlowView, type BranchChanges } from '@interpulse/domain/flow/flow-view.ts';
import type { EnsembleId } from '@interpulse/domain/id.ts';
import { secondsBetween, type Instant } from '@interpulse/domain/time.ts';
import { resumeActionRun } from '@interpulse/store/action-runs/write-action-runs.ts';
import type { ProgressChange, StepChange } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import type { LockedFlowRun } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import type { ActionStart } from '../actions/action.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { carryOutWebInput, concernsWebInputs } from '../web-inputs/carry-out-web-input.ts';
import { cancelSteps } from './cancel-steps.ts';
import { actionName } from './choose-action.ts';
import { countsAsStep } from './counts-as-step.ts';
import { documentsOf } from './document-cache.ts';
import { flowTimerRoundSeconds } from './flow-timer-round.ts';
import { readBranches, withBranches } from './read-branches.ts';
import { actorOf, type Actor } from './run-as.ts';
import type { StepToStart } from './start-steps.ts';
import { stepsOfLog } from './steps-of-log.ts';

/** A provider's answer by step, to be written with the step. */
interface Started {
  provider: string;
  jobId: string | null;
  ensembleId: EnsembleId | null;
  transferId: string | null;
}

/** What follows what has happened, until actions that start or end at once are heard of. */
export interface Round {
  /** For each effect, in their order: what is heard of it at once, or the step that it starts. */
  follows: readonly (readonly FlowEvent[] | StepToStart)[];
  /** Steps whose actions are given up. */
  givenUp: readonly number[];
}

/** The steps whose actions a round starts. */
export function stepsOf({ follows }: Round): StepToStart[] {
  return follows.flatMap((each) => ('effect' in each ? [each] : []));
}

/** What one event, or several together, do to one flow run. */
export class Turn {
  readonly run: LockedFlowRun;
  readonly #hub: Hub;
  readonly #tx: HubTransaction;
  readonly #definition: FlowDefinition;
  readonly #at: string;
  readonly #log: FlowLogLine[] = [];
  readonly #started = new Map<number, Started>();
  readonly #actors = new Map<string, Promise<Actor>>();
  readonly #view: FlowView;
  #events: readonly FlowEvent[];
  #resultDatasetId: string | null = null;
  #hasChanged = false;

  private constructor(
    hub: Hub,
    tx: HubTransaction,
    definition: FlowDefinition,
    { run, events }: { run: LockedFlowRun; events: readonly FlowEvent[] },
  ) {
    this.run = run;
    this.#hub = hub;
    this.#tx = tx;
    this.#definition = definition;
    this.#events = events;
    this.#view = new FlowView(run.core, run.data);
    this.#at = hub.now();
  }

  /** Reads what the events concern: the definition, and branches. */
  static async begin(
    hub: Hub,
    tx: HubTransaction,
    told: { run: LockedFlowRun; events: readonly FlowEvent[] },
  ): Promise<Turn> {
    const { id, flowName, flowVersion } = told.run;
    const definition = await hub.definitions.get(flowName, flowVersion, tx);
    const turn = new Turn(hub, tx, definition, told);
    await readBranches(tx, id, turn.#view, told.events);
    return turn;
  }

  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  get hasEnded(): boolean {
    return this.#view.progress.endedAt !== null;
  }

  /** False when nothing follows at once any more. */
  get goesOn(): boolean {
    return this.#events.length > 0;
  }

  /**
   * Takes what has happened, and carries out what follows but the starts and ends of actions:
   * `endRound` comes after them.
   */
  async advance(): Promise<Round> {
    const view = this.#view;
    const result = await withBranches(this.#tx, this.run.id, view, () =>
      advanceFlowBy(this.#definition, view.progress, this.#events, this.#at),
    );
    this.#events = [];
    if (result.refusals.every((refusal) => refusal !== null)) return { follows: [], givenUp: [] };
    this.#hasChanged = true;
    view.progress = result.run;
    this.#log.push(...result.log);
    const follows: Round['follows'][number][] = [];
    for (const effect of result.effects) {
      follows.push(
        effect.kind === 'startAction'
          ? { run: this.run, effect, actor: () => this.#actor(effect.runAs), at: this.#at }
          : await this.#carryOut(effect),
      );
    }
    const givenUp = result.effects.flatMap((each) => {
      return each.kind === 'cancelAction' ? [each.step] : [];
    });
    return { follows, givenUp };
  }

  /** Takes the answers to the steps of the round as what happens next. */
  async endRound(
    { follows, givenUp }: Round,
    starts: ReadonlyMap<StepToStart, ActionStart>,
  ): Promise<void> {
    this.#events = follows.flatMap((each) => {
      if (!('effect' in each)) return each;
      const start = starts.get(each);
      return start === undefined ? [] : this.#noteStart(each.effect, start);
    });
    // Last, and together: it may have been started just before.
    const steps = givenUp.map((step) => ({ step, started: this.#started.get(step) }));
    if (steps.length > 0) await cancelSteps(this.#hub, this.#tx, this.run.id, steps, this.#at);
  }

  async #carryOut(effect: FlowEffect): Promise<FlowEvent[]> {
    const { tx, run, at } = { tx: this.#tx, run: this.run, at: this.#at };
    if (effect.kind === 'finishRun') tx.notify([topics.flowRunEnds]);
    if (concernsWebInputs(effect)) {
      return carryOutWebInput(
        { hub: this.#hub, tx, run, definition: this.#definition, at },
        effect,
      );
    }
    if (effect.kind === 'setTimer') this.#noteTimer(effect.dueAt);
    if (effect.kind === 'resumeAction') {
      const resumed = await resumeActionRun(tx, run.id, effect.step, at);
      if (resumed) tx.notify([topics.actions]);
    }
    return [];
  }

  /** What is due later is found by the round that comes before it. */
  #noteTimer(dueAt: Instant): void {
    const isSoon = secondsBetween(this.#at, dueAt) <= flowTimerRoundSeconds;
    if (isSoon) this.#tx.notify([topics.flowTimers]);
  }

  #noteStart({ step, provider }: StepToStart['effect'], start: ActionStart): FlowEvent[] {
    this.#started.set(step, {
      provider: actionName(provider),
      jobId: start.kind === 'pending' ? (start.jobId ?? null) : null,
      ensembleId: start.kind === 'pending' ? (start.ensembleId ?? null) : null,
      transferId: start.kind === 'pending' ? (start.transferId ?? null) : null,
    });
    if (start.kind === 'pending' || start.kind === 'deferred') return [];
    if (start.kind === 'unable') return [{ kind: 'actionUnableToRun', step, reason: start.reason }];
    this.#resultDatasetId = start.resultDatasetId ?? this.#resultDatasetId;
    return [{ kind: 'actionEnded', step, statusDocument: start.document }];
  }

  /** For whom actions are carried out; asked once in a turn, since a Map starts thousands. */
  async #actor(runAs: string): Promise<Actor> {
    const known = this.#actors.get(runAs) ?? actorOf(this.#hub, this.#tx, this.run, runAs);
    this.#actors.set(runAs, known);
    return known;
  }

  /** What was changed, and nothing else. */
  changes(): { progress: ProgressChange; branches: { flowRunId: string } & BranchChanges } {
    const { run } = this;
    const { progress } = this.#view;
    const core = this.#view.core();
    const steps = [...stepsOfLog(this.#log).values()].map((step) => this.#withProvider(step));
    const own = core.branches[0];
    const change = {
      id: run.id,
      revision: run.revision + 1,
      project: run.project,
      flowName: run.flowName,
      core,
      data: progress.data === run.data ? null : progress.data,
      dataBefore: run.data,
      stateName: own?.state ?? null,
      reason: reasonOf(progress),
      wakeAt: dueAtOf(own?.wait ?? null),
      stepsDone: steps.filter((step) => this.#isDone(step)).length,
      resultDatasetId: this.#resultDatasetId,
      steps,
      log: this.#log,
      at: this.#at,
    };
    this.#rememberDocument(change.data === null ? run.dataRevision : change.revision);
    return { progress: change, branches: { flowRunId: run.id, ...this.#view.changes() } };
  }

  #isDone({ stateName, status }: StepChange): boolean {
    return status === 'succeeded' && countsAsStep(this.#definition, stateName);
  }

  #rememberDocument(revision: number): void {
    const documents = documentsOf(this.#hub);
    const { data, sizeBytes, endedAt } = this.#view.progress;
    this.#tx.afterCommit(() => {
      if (endedAt === null) documents.put(this.run.id, { revision, data, sizeBytes });
      else documents.drop(this.run.id);
    });
  }

  #withProvider(step: StepChange): StepChange {
    return { ...step, ...this.#started.get(step.sequence) };
  }
}

function reasonOf(progress: FlowProgress): string | null {
  if (progress.failure) return `${progress.failure.error}: ${progress.failure.cause}`;
  if (progress.canceled) return `canceled by ${progress.canceled.by}: ${progress.canceled.reason}`;
  return progress.endedAt === null ? explainFlow(progress).sentence : null;
}
