import type { WebInputId } from '../id.ts';
import type { Instant } from '../time.ts';
import { placeOf } from './branch-path.ts';
import type { FlowBranch, FlowProgress } from './flow-progress.ts';
import { needsPerson } from './needs-person.ts';

const sentencesShown = 6;

/** One thing that a flow run waits for. */
export interface FlowWait {
  state: string;
  sinceAt: Instant;
  /** `person`: an action that needs somebody's consent or login, or a question its answer. */
  kind: 'action' | 'person' | 'timer' | 'retry';
  /** The step of an action, the instant of a timer, or the question and when it expires. */
  ref: { step: number; provider: string | null; dueAt: Instant | null; webInputId?: WebInputId };
}

/** Why a flow run stands where it stands, for people and for programs. */
export interface FlowExplanation {
  sentence: string;
  waits: FlowWait[];
}

/** Says what a flow run waits for, or how it ended. */
export function explainFlow(run: FlowProgress): FlowExplanation {
  const waits = run.branches.flatMap(waitOf);
  return { waits, sentence: run.endedAt === null ? nowSentence(run) : endSentence(run) };
}

function waitOf({ path, state: name, step, enteredAt: sinceAt, wait }: FlowBranch): FlowWait[] {
  // A Parallel or Map state waits for what its branches wait for.
  if (wait === null || wait.kind === 'branches') return [];
  const state = placeOf(path, name);
  if (wait.kind === 'webInput') {
    const { webInputId, expiresAt: dueAt } = wait;
    const ref = { step, provider: null, dueAt, ...(webInputId === null ? {} : { webInputId }) };
    return [{ state, sinceAt, kind: 'person', ref }];
  }
  if (wait.kind !== 'action') {
    return [{ state, sinceAt, kind: wait.kind, ref: { step, provider: null, dueAt: wait.dueAt } }];
  }
  const kind = wait.stalled === null ? 'action' : 'person';
  const ref = { step, provider: wait.provider, dueAt: wait.timeoutAt };
  return [{ state, sinceAt, kind, ref }];
}

function nowSentence(run: FlowProgress): string {
  if (run.startedAt === null) return 'The flow run has not started.';
  const waiting = run.branches.toSorted(
    (one, other) =>
      one.path.length - other.path.length || urgencyOf(other.wait) - urgencyOf(one.wait),
  );
  const said = waiting.slice(0, sentencesShown).map(branchSentence);
  // Those that are not here are told of by the state that they are inside of.
  const more = waiting.length > sentencesShown ? run.counts.open - sentencesShown : 0;
  const rest = more === 1 ? 'And 1 more branch.' : `And ${more} more branches.`;
  return [...said, ...(more > 0 ? [rest] : [])].join(' ');
}

function urgencyOf(wait: FlowBranch['wait']): number {
  return needsPerson(wait) ? 1 : 0;
}

function branchSentence({ path, state: name, enteredAt, wait }: FlowBranch): string {
  const state = placeOf(path, name);
  switch (wait?.kind) {
    case 'branches': {
      const underWay = wait.started - wait.ended;
      if (wait.failed !== undefined) {
        const lost = wait.failed.length === 0 ? '' : `${wait.failed.length} failed, `;
        const rest = `${lost}${underWay} under way`;
        return `${state}: the first of ${wait.total} branches decides; ${rest}.`;
      }
      return `${state}: ${wait.ended} of ${wait.total} branches are done, ${underWay} under way.`;
    }
    case undefined:
      return `${state} is on its way.`;
    case 'timer':
      return `${state} waits until ${wait.dueAt}.`;
    case 'retry':
      return `${state} failed (${wait.error}); ${nextAttempt(wait.attempt, wait.dueAt)}.`;
    case 'webInput': {
      const until = wait.expiresAt === null ? '' : `, at most until ${wait.expiresAt}`;
      return `${state} waits for a person to answer "${wait.title ?? name}"${until}.`;
    }
    case 'action':
      return wait.stalled === null
        ? `${state} waits for ${wait.provider} since ${enteredAt}, at most until ${wait.timeoutAt}.`
        : `${state} needs a person before ${wait.provider} can go on: ${wait.stalled}`;
  }
}

function endSentence(run: FlowProgress): string {
  const { failure, canceled } = run;
  if (canceled !== null)
    return `Canceled by ${canceled.by}: ${canceled.reason || 'no reason given'}.`;
  if (failure === null) return 'The flow run succeeded.';
  const where = failure.state === null ? '' : ` in ${failure.state}`;
  return `Failed${where}: ${failure.cause} (${failure.error})`;
}

function nextAttempt(attempt: number, dueAt: Instant): string {
  return `attempt ${attempt + 1} starts at ${dueAt}`;
}
