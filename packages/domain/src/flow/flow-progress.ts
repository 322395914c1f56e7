import type { FlowRunStatus } from '../flow-run/flow-run.ts';
import type { WebInputId } from '../id.ts';
import type { Question } from '../web-input/question.ts';
import type { Instant } from '../time.ts';
import type { Json, JsonObject, JsonTrail } from '../json.ts';

/** What a branch waits for; null in its place means that it is on its way. */
export type BranchWait =
  | {
      kind: 'action';
      /** `interpulse:NAME`, `https://...`, or `registered-api:UUID`. */
      provider: string;
      /** When WaitTime has passed. */
      timeoutAt: Instant;
      waitTimeSeconds: number;
      /** Why a person is needed before the action can go on; null when none is. */
      stalled: string | null;
    }
  | { kind: 'timer'; dueAt: Instant }
  | { kind: 'retry'; dueAt: Instant; attempt: number; error: string }
  /** A question being made (no id yet), or the answer to one (no title until it is known). */
  | {
      kind: 'webInput';
      webInputId: WebInputId | null;
      title: string | null;
      expiresAt: Instant | null;
    }
  /** A Parallel or Map state whose branches are under way. */
  | {
      kind: 'branches';
      total: number;
      started: number;
      ended: number;
      /** Branches that may be under way together. */
      mostAtOnce: number;
      /** Of what ended branches left; see `FlowProgress.results`. */
      resultBytes: number;
      /** Only while it begins no more branches, for the turn was long enough: when it goes on. */
      restsUntil?: Instant;
      /** Only where the first branch to end well decides: those that did not. */
      failed?: FailedRacer[];
    };

/** A branch of a race that did not end well. */
export interface FailedRacer {
  index: number;
  error: string;
  cause: string;
}

/** The state document of a branch of a Parallel or Map state. */
export interface BranchScope {
  /** Step of the Parallel or Map state. */
  parentStep: number;
  index: number;
  data: JsonObject;
  privatePaths: JsonTrail[];
  sizeBytes: number;
}

/** One place where a flow run is: one, or more while a Parallel or Map state is under way. */
export interface FlowBranch {
  /** Empty for the flow itself; names and indices of the Parallel and Map states around. */
  path: JsonTrail;
  state: string;
  /** Number of this visit of a state in the run, from 1; names the step everywhere. */
  step: number;
  enteredAt: Instant;
  /** Attempts spent per Retry rule of the state. */
  retries: number[];
  wait: BranchWait | null;
  /** Inside a Parallel or Map state; without it the branch works on the run's document. */
  inner?: BranchScope;
}

/** Why a run failed. */
export interface FlowFailure {
  error: string;
  cause: string;
  /** Null when it failed before its first state. */
  state: string | null;
  step: number;
}

/** All open branches of a run, whether they are at hand or not. */
export interface BranchCounts {
  open: number;
  /** Those that stand still until a person does something. */
  waitForPeople: number;
  /** Their state documents, and what ended branches left. */
  sizeBytes: number;
}

/**
 * Where a flow run stands: all that the engine needs to go on. Of the branches inside Parallel and
 * Map states and of their results it need only have those that an event concerns (`FlowView`).
 */
export interface FlowProgress {
  status: FlowRunStatus;
  startedAt: Instant | null;
  endedAt: Instant | null;
  /** `$._context`: read-only facts about the run and who started it. */
  context: JsonObject;
  /** The run's state document. */
  data: JsonObject;
  /** Where in `data` the values are that viewers may not see; see `redactState`. */
  privatePaths: JsonTrail[];
  /** The size of `data`. */
  sizeBytes: number;
  branches: FlowBranch[];
  /** What ended branches of open Parallel and Map states left, until the last one has ended. */
  results: BranchScope[];
  counts: BranchCounts;
  /** Steps entered so far. */
  stepSequence: number;
  /** Visits per state. */
  visits: Record<string, number>;
  /**
   * When it was expected to end at its last event; absent where nothing is known of its way. Lists
   * find by it what will be late.
   */
  predictedFinishAt?: Instant | null;
  failure: FlowFailure | null;
  canceled: { by: string; reason: string } | null;
}

/** What happened to a run. `step` is the number given in the effect that it answers. */
export type FlowEvent =
  /** `startAt`: the state of the flow itself to begin at, with `input` as the state document. */
  | { kind: 'started'; input: JsonObject; context: JsonObject; startAt?: string }
  /** The action ended: a status document with `status` SUCCEEDED or FAILED. */
  | { kind: 'actionEnded'; step: number; statusDocument: JsonObject }
  /** The provider refused or could not be reached; nothing was started. */
  | { kind: 'actionUnableToRun'; step: number; reason: string }
  /** The action needs a person (consent, login) before it can go on. */
  | { kind: 'actionStalled'; step: number; reason: string }
  /** `lastStatus`: the newest status document of the action under way, for who catches its end. */
  | { kind: 'timerFired'; step: number; lastStatus?: JsonObject | undefined }
  /** The question of a CreateWebInput state is asked. */
  | { kind: 'webInputCreated'; step: number; webInputId: WebInputId }
  /** It cannot be asked, or there is none to wait for. */
  | { kind: 'webInputRefused'; step: number; reason: string }
  /** Nobody has answered yet. `webInputId` is that of a new one where it was asked once more. */
  | {
      kind: 'webInputOpen';
      step: number;
      webInputId: WebInputId;
      title: string;
      expiresAt: Instant;
    }
  | {
      kind: 'webInputEnded';
      step: number;
      status: 'answered' | 'expired' | 'closed';
      document: JsonObject;
    }
  | { kind: 'canceled'; by: string; reason: string }
  | { kind: 'resumed' }
  /**
   * Its answer is due at another instant; null: never. `context` replaces members of the run's:
   * whether the shot clock may move it again, what earlier runs teach.
   */
  | { kind: 'deadlineMoved'; deadlineAt: Instant | null; why: string; context: JsonObject };

/** What must be done now. Written in one transaction with the progress, carried out after it. */
export type FlowEffect =
  | {
      kind: 'startAction';
      step: number;
      state: string;
      provider: string;
      /** OAuth scope named by the definition, for providers elsewhere. */
      scope: string | null;
      /** With private values in clear: never log it; `privatePaths` says where they are. */
      input: Json;
      runAs: string;
      waitTimeSeconds: number;
      privatePaths: JsonTrail[];
    }
  /** A step has one timer at most; drop those of steps that are in no branch any more. */
  | { kind: 'setTimer'; step: number; dueAt: Instant }
  | { kind: 'cancelAction'; step: number }
  | { kind: 'resumeAction'; step: number }
  /** Answered with `webInputCreated` or `webInputRefused` in the same transaction. */
  | {
      kind: 'createWebInput';
      step: number;
      state: string;
      question: Question;
      respondentUrns: string[];
      /** Viewers may not see who may answer. */
      respondentsPrivate: boolean;
      expiresAt: Instant;
    }
  /** Answered with `webInputOpen`, `webInputEnded` or `webInputRefused` in the same transaction. */
  | { kind: 'awaitWebInput'; step: number; webInputId: WebInputId }
  /** A step that waited for an answer was given up. */
  | { kind: 'leaveWebInput'; step: number; webInputId: WebInputId }
  | { kind: 'finishRun'; status: 'SUCCEEDED' | 'FAILED' | 'ENDED'; failure: FlowFailure | null };

/** A line of the run's log, before the store numbers it. Private values are hidden. */
export interface FlowLogLine {
  at: Instant;
  /** `Flow...` or the state's type, then Started, Completed, Failed, Caught, ... */
  code: string;
  description: string;
  /** 0 for the run as a whole. */
  step: number;
  details: JsonObject;
}

/** Why an event changed nothing. All but `invalid` are ordinary: late or doubled words. */
export interface FlowRefusal {
  reason:
    'alreadyStarted' | 'notStarted' | 'ended' | 'otherStep' | 'repeated' | 'early' | 'invalid';
  message: string;
}

/** The counts of a run that has no branch. */
export const noBranches: BranchCounts = { open: 0, waitForPeople: 0, sizeBytes: 0 };

/** A flow run before its first event. */
export function newFlowProgress(): FlowProgress {
  return {
    status: 'ACTIVE',
    startedAt: null,
    endedAt: null,
    context: {},
    data: {},
    privatePaths: [],
    sizeBytes: 2,
    branches: [],
    results: [],
    counts: noBranches,
    stepSequence: 0,
    visits: {},
    failure: null,
    canceled: null,
  };
}

/** A branch of the flow itself before its first state. */
export function newFlowBranch(now: Instant): FlowBranch {
  return { path: [], state: '', step: 0, enteredAt: now, retries: [], wait: null };
}
