/**
 * A job's life, one table.
 *
 *     waiting ──▶ queued ──▶ placed ──▶ stagingIn ──▶ ready ──▶ active ──▶ stagingOut ──▶ completed
 *                   ▲  ▲        │           │          │ ▲        │            │
 *                   │  └────────┴───────────┴──────────┘ └────────┤ pilotLost, preempted
 *                   └─────── siteLost, recalled, retried ─────────┴────────────┘
 *
 * Every state that is not an end can go to `failed` or `canceled`. `attempt` counts leases. A pilot
 * that `released` a job has not begun it. What is placed and no pilot has may be `recalled`, for
 * another site could begin it sooner. A person may have `failed` and `canceled` jobs `retried`;
 * they wait again when they have parents that have not ended.
 */
export const jobStates = [
  'waiting',
  'queued',
  'placed',
  'stagingIn',
  'ready',
  'active',
  'stagingOut',
  'completed',
  'failed',
  'canceled',
] as const;

/** One of {@link jobStates}. */
export type JobState = (typeof jobStates)[number];

/** What can happen to a job. */
export type JobEvent =
  | 'parentsCompleted'
  | 'placed'
  | 'stageInStarted'
  | 'staged'
  | 'started'
  | 'finished'
  | 'stageOutStarted'
  | 'pilotLost'
  | 'preempted'
  | 'released'
  | 'retried'
  | 'siteLost'
  | 'recalled'
  | 'failed'
  | 'canceled';

const ends = { failed: 'failed', canceled: 'canceled' } as const;
const away = { siteLost: 'queued' } as const;
/** Only where no pilot has it: who applies it sees to that. */
const unbegun = { ...away, recalled: 'queued' } as const;

/** State → event → next state. What is not here is refused. */
export const jobTransitions: Record<JobState, Partial<Record<JobEvent, JobState>>> = {
  waiting: { parentsCompleted: 'queued', ...ends },
  queued: { placed: 'placed', ...ends },
  placed: { stageInStarted: 'stagingIn', staged: 'ready', ...unbegun, ...ends },
  stagingIn: { staged: 'ready', ...unbegun, ...ends },
  // The word of the start may be lost; the word of the end of the same attempt still counts.
  ready: {
    started: 'active',
    finished: 'completed',
    stageOutStarted: 'stagingOut',
    pilotLost: 'ready',
    preempted: 'ready',
    released: 'ready',
    retried: 'queued',
    ...unbegun,
    ...ends,
  },
  active: {
    finished: 'completed',
    stageOutStarted: 'stagingOut',
    pilotLost: 'ready',
    preempted: 'ready',
    retried: 'queued',
    ...away,
    ...ends,
  },
  stagingOut: { finished: 'completed', ...away, ...ends },
  completed: {},
  failed: { retried: 'queued' },
  canceled: { retried: 'queued' },
};

/** The state after `event`, or null when the table refuses it. */
export function nextJobState(state: JobState, event: JobEvent): JobState | null {
  return jobTransitions[state][event] ?? null;
}

/** The states in which `event` is legal; SQL updates use it as their fence. */
export function statesAccepting(event: JobEvent): JobState[] {
  return jobStates.filter((state) => jobTransitions[state][event] !== undefined);
}

/** True for `completed`, `failed`, `canceled`. */
export function isJobEnd(state: JobState): boolean {
  return state === 'completed' || state === 'failed' || state === 'canceled';
}

/** The states of jobs that have not ended. */
export const openJobStates: readonly JobState[] = jobStates.filter((state) => !isJobEnd(state));
