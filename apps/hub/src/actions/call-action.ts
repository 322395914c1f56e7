import { DomainError } from '@interpulse/domain/error.ts';
import type { ClaimedAction } from '@interpulse/store/action-runs/claim-action-runs.ts';
import type { Hub } from '../hub.ts';
import type { DeferredAction, PerformCall, PerformOutcome } from './action.ts';
import { AgentElsewhere } from './agent-elsewhere.ts';
import { deferredAction } from './deferred-action.ts';
import { performLimits } from './perform-limits.ts';

/** What a call came to, beside what actions say themselves. */
export type CallOutcome =
  | PerformOutcome
  /** Nobody was met, or the call took too long. */
  | { kind: 'missed'; error: string }
  /** The hub that has the session of that site's agent goes on. */
  | { kind: 'elsewhere'; siteId: string; error: string }
  /** The hub ends: another one, or the next, goes on at once. */
  | { kind: 'interrupted' }
  /** Canceled or released. */
  | { kind: 'gone' };

/** Calls an action once: carries it out, or lets it go. Never throws. */
export async function callAction(
  hub: Hub,
  claimed: ClaimedAction,
  stopped: AbortSignal,
): Promise<CallOutcome> {
  const action = deferredAction(claimed.action);
  if (action === undefined) return { kind: 'unable', reason: `${claimed.address} is no action` };
  const tooLong = AbortSignal.timeout(performLimits.callSeconds * 1000);
  const signal = AbortSignal.any([stopped, tooLong]);
  try {
    return await orAborted(act(action, callOf(hub, claimed, signal)), signal);
  } catch (error) {
    if (stopped.aborted) return { kind: 'interrupted' };
    if (tooLong.aborted) {
      const seconds = performLimits.callSeconds;
      return { kind: 'missed', error: `no answer within ${seconds} s` };
    }
    if (error instanceof AgentElsewhere) {
      return { kind: 'elsewhere', siteId: error.siteId, error: error.message };
    }
    if (error instanceof DomainError) {
      const { kind, message } = error;
      return kind === 'unavailable'
        ? { kind: 'missed', error: message }
        : { kind: 'unable', reason: message };
    }
    hub.log.error({ err: error, actionId: claimed.id }, 'an action failed by an error of the hub');
    const reason = `${claimed.action} failed by an error of the hub; its log has ${claimed.id}`;
    return { kind: 'unable', reason };
  }
}

async function act(action: DeferredAction, call: ActingCall): Promise<CallOutcome> {
  const { status } = call;
  if (status === 'active' || status === 'stalled') {
    const outcome = await action.perform(call);
    if (outcome.kind === 'again') checkMemory(outcome.memory);
    if (outcome.kind === 'ended') checkEnd(outcome.document['status']);
    return outcome;
  }
  await (status === 'canceling' ? action.cancel : action.release)?.(call);
  return { kind: 'gone' };
}

type ActingCall = PerformCall & { status: ClaimedAction['status'] };

function callOf(hub: Hub, claimed: ClaimedAction, signal: AbortSignal): ActingCall {
  const { run, step, request, memory, attempt, callbackKey, deadlineAt, status } = claimed;
  return {
    hub,
    actionId: claimed.id,
    run,
    step,
    state: claimed.stateName,
    provider: claimed.address,
    request,
    memory,
    attempt,
    callbackKey,
    startedAt: claimed.createdAt,
    deadlineAt,
    signal,
    now: hub.now(),
    status,
  };
}

function checkMemory(memory: PerformCall['memory']): void {
  const most = performLimits.memoryBytes;
  if (Buffer.byteLength(JSON.stringify(memory)) <= most) return;
  throw new DomainError('exhausted', `an action may remember ${most} bytes between its calls`);
}

function checkEnd(status: unknown): void {
  if (status === 'SUCCEEDED' || status === 'FAILED') return;
  const said = JSON.stringify(status) ?? 'nothing';
  throw new DomainError('invalid', `an action ends as SUCCEEDED or FAILED, not as ${said}`);
}

/** An action that does not heed its signal holds nobody up. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw signal.reason;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    promise.catch(() => undefined);
  }
}
