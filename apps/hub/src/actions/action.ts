import type { EnsembleId } from '@interpulse/domain/id.ts';
import type { Json, JsonObject, JsonTrail } from '@interpulse/domain/json.ts';
import type { Location } from '@interpulse/domain/location.ts';
import type { Instant } from '@interpulse/domain/time.ts';
import type { LockedFlowRun } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/** What an action is started with. Its effects go into `tx`, beside the run's progress. */
export interface ActionCall {
  hub: Hub;
  tx: HubTransaction;
  run: LockedFlowRun;
  step: number;
  state: string;
  /** What the definition names: `interpulse:NAME`, or an address. */
  provider: string;
  waitTimeSeconds: number;
  input: Json;
  /** Where `input`, as the definition gives it, has private values. */
  privatePaths: readonly JsonTrail[];
  at: string;
}

/** How an action began. */
export type ActionStart =
  /** It ends with that job, or when all jobs of the ensemble have ended, or with the transfer. */
  | { kind: 'pending'; jobId?: string; ensembleId?: EnsembleId; transferId?: string }
  | { kind: 'ended'; document: JsonObject; resultDatasetId?: string }
  /**
   * The hub carries it out after the commit, see {@link DeferredAction}; with a location the hub
   * that has the session of its agent.
   */
  | { kind: 'deferred'; request: JsonObject; location?: Location }
  | { kind: 'unable'; reason: string };

/** An action that is done, or handed on, in the transaction that starts it. */
export interface ImmediateAction {
  deferred: false;
  start(call: ActionCall): Promise<ActionStart>;
}

/**
 * Like {@link ImmediateAction}, but started for many steps at once, of one flow run or of many: the
 * answers are in the order of the calls. What is refused to one is `unable` for that one; what this
 * throws, when it is a refusal, is asked again for each alone.
 */
export interface JointAction {
  deferred: false;
  startAll(calls: readonly [ActionCall, ...ActionCall[]]): Promise<ActionStart[]>;
}

/** What a deferred action is carried out with. `request` may hold private values in clear. */
export interface PerformCall {
  hub: Hub;
  /** The same at every call for one step: whoever is asked twice for it does it once. */
  actionId: string;
  run: { id: string; project: string; ownerId: string; label: string; flowName: string };
  step: number;
  state: string;
  /** What the flow's definition names. */
  provider: string;
  request: JsonObject;
  /** What the last call left; null at first. A call that did not come to its end left nothing. */
  memory: Json;
  /** From 1; calls that did not come to their end count. */
  attempt: number;
  /** With it, somebody elsewhere may say that there is news; see `nudgeActionRun`. */
  callbackKey: string;
  startedAt: Instant;
  /** When the step's WaitTime ends. */
  deadlineAt: Instant;
  /** Aborts when the hub ends, or when the call takes longer than it may. */
  signal: AbortSignal;
  now: Instant;
}

/** What one call of a deferred action came to. */
export type PerformOutcome =
  | { kind: 'ended'; document: JsonObject; memory?: Json }
  /** It could not be begun. */
  | { kind: 'unable'; reason: string }
  /** It is called again; `note` is what people read meanwhile. */
  | { kind: 'again'; afterSeconds: number; memory: Json; note: string }
  /** A person is needed. It is called again when somebody resumes, or after a time. */
  | { kind: 'stalled'; reason: string; memory?: Json; afterSeconds?: number };

/** Lets go of what an action holds elsewhere; what it throws is tried again a few times. */
export type LetGo = (call: PerformCall) => Promise<void>;

/**
 * An action that the hub carries out after the commit, in calls that each take seconds at most. A
 * call may come again after a crash, with the same `actionId`. A thrown `DomainError` of the kind
 * `unavailable` means: again after a pause, until the step's WaitTime ends; any other: unable.
 */
export interface DeferredAction {
  deferred: true;
  start(call: ActionCall): Promise<ActionStart>;
  perform(call: PerformCall): Promise<PerformOutcome>;
  /** Called when the step was given up; null when there is nothing to cancel. */
  cancel: LetGo | null;
  /** Called once after the end, when the flow run has long gone on; null when nothing is kept. */
  release: LetGo | null;
}

/** A built-in action of flows: `interpulse:NAME`. Adding one is a file and a line in the record. */
export type Action = ImmediateAction | JointAction | DeferredAction;
