import { DomainError } from '@interpulse/domain/error.ts';
import { isJsonObject, type Json, type JsonObject } from '@interpulse/domain/json.ts';
import { secondsBetween } from '@interpulse/domain/time.ts';
import type { DeferredAction, PerformCall, PerformOutcome } from '../actions/action.ts';
import { isPassingTrouble } from '../is-passing-trouble.ts';
import type { ProviderAnswer } from './ask-provider.ts';
import { callbackHeader, callbackKeyHeader } from './callback-signature.ts';
import type { ProviderConfig } from './provider-config.ts';
import { providerLimits } from './provider-limits.ts';
import { readProviderStatus, type ProviderStatus } from './provider-status.ts';

/** An action at a provider elsewhere, by the action-provider contract. */
export const externalAction: DeferredAction = {
  deferred: true,

  async start({ hub, provider, input, state }) {
    const chosen = hub.providers.choose(provider);
    if ('refusal' in chosen) return { kind: 'unable', reason: chosen.refusal };
    if (!isJsonObject(input)) {
      return { kind: 'unable', reason: `${state}: the input of an action is an object` };
    }
    const bytes = Buffer.byteLength(JSON.stringify(input));
    if (bytes > providerLimits.bodyBytes) {
      const most = providerLimits.bodyBytes;
      const reason = `${state}: its input has ${bytes} bytes; for other providers at most ${most}`;
      return { kind: 'unable', reason };
    }
    return { kind: 'deferred', request: { body: input } };
  },

  async perform(call) {
    const memory = memoryOf(call.memory);
    const target = targetOf(call);
    try {
      return memory.actionId === null
        ? await run(call, target, memory)
        : await poll(call, target, memory, memory.actionId);
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'exhausted') throw error;
      return wrong(call, target, memory, error.message);
    }
  },

  async cancel(call) {
    await tell(call, 'cancel');
  },

  async release(call) {
    await tell(call, 'release');
  },
};

interface Target {
  url: string;
  host: string;
  config: ProviderConfig;
}

/** What is remembered between calls. */
interface Memory {
  /** The provider's id for the action; null before it is known. */
  actionId: string | null;
  polls: number;
  /** Answers in a row that made no sense. */
  wrong: number;
  /** Whether the provider says by itself when there is news. */
  callsBack: boolean;
  /** What it said last, for who catches an ActionTimeout; too large a one is not kept. */
  lastStatus: JsonObject | null;
}

function memoryOf(memory: Json): Memory {
  const kept = isJsonObject(memory) ? memory : {};
  return { actionId: null, polls: 0, wrong: 0, callsBack: false, lastStatus: null, ...kept };
}

/** Asked again at each call: what the administrator has taken away is not called any more. */
function targetOf({ hub, provider }: PerformCall): Target {
  const chosen = hub.providers.choose(provider);
  if ('refusal' in chosen) throw new DomainError('forbidden', chosen.refusal);
  return { ...chosen, host: new URL(chosen.url).host };
}

async function run(call: PerformCall, target: Target, memory: Memory): Promise<PerformOutcome> {
  const { hub, signal } = call;
  const { url, config } = target;
  const description = await hub.providers.describe(url, config, signal);
  const callback = description.callsBack ? hub.providers.callbackUrl(url, call.actionId) : null;
  const answer = await hub.providers.ask(url, config, {
    method: 'POST',
    path: '/run',
    body: requestOf(call, config, description.maximumDeadlineSeconds),
    headers:
      callback === null
        ? {}
        : { [callbackHeader]: callback, [callbackKeyHeader]: call.callbackKey },
    signal,
  });
  if (isRefusal(answer)) {
    const reason = `the provider at ${target.host} refuses: ${refusalOf(answer)}`;
    return { kind: 'unable', reason };
  }
  return took(call, target, { ...memory, callsBack: hasAccepted(answer) }, answer);
}

async function poll(
  call: PerformCall,
  target: Target,
  memory: Memory,
  actionId: string,
): Promise<PerformOutcome> {
  const path = `/${encodeURIComponent(actionId)}/status`;
  const { url, config } = target;
  const answer = await call.hub.providers.ask(url, config, {
    method: 'GET',
    path,
    signal: call.signal,
  });
  return took(call, target, { ...memory, polls: memory.polls + 1 }, answer);
}

/** What an answer to a start or a question means for the action. */
function took(
  call: PerformCall,
  target: Target,
  memory: Memory,
  answer: ProviderAnswer,
): PerformOutcome {
  if (isPassingTrouble(answer.status)) {
    const said = `the provider at ${target.host} answers ${answer.status} ${answer.words}`.trim();
    const { retryAfterSeconds } = answer;
    if (retryAfterSeconds === null) throw new DomainError('unavailable', said);
    return { kind: 'again', afterSeconds: retryAfterSeconds, memory: { ...memory }, note: said };
  }
  if (answer.status !== 200 && answer.status !== 202) {
    return wrong(call, target, memory, refusalOf(answer));
  }
  const status = readProviderStatus(answer.json, memory.actionId);
  if (typeof status === 'string') return wrong(call, target, memory, status);
  const next: Memory = { ...memory, actionId: status.actionId, wrong: 0 };
  return outcomeOf(target, next, status, answer.retryAfterSeconds);
}

function outcomeOf(
  { host }: Target,
  memory: Memory,
  { status, words, document }: ProviderStatus,
  retryAfterSeconds: number | null,
): PerformOutcome {
  const isKept = Buffer.byteLength(JSON.stringify(document)) <= providerLimits.statusKeptBytes;
  const kept = { ...memory, lastStatus: isKept ? document : null };
  const said = `the provider at ${host} says: ${words}`;
  switch (status) {
    case 'SUCCEEDED':
    case 'FAILED':
      return { kind: 'ended', document, memory: kept };
    case 'INACTIVE': {
      const afterSeconds = providerLimits.stalledPollSeconds;
      return { kind: 'stalled', reason: said, memory: kept, afterSeconds };
    }
    case 'ACTIVE': {
      const afterSeconds = retryAfterSeconds ?? pauseOf(memory);
      return { kind: 'again', afterSeconds, memory: kept, note: said };
    }
  }
}

function pauseOf({ polls, callsBack }: Memory): number {
  const { firstPollSeconds, longestPollSeconds, calledBackPollSeconds } = providerLimits;
  if (callsBack) return calledBackPollSeconds;
  return Math.min(longestPollSeconds, firstPollSeconds * 2 ** Math.min(polls, 20));
}

/** An answer that makes no sense: asked again a few times, it may be a proxy's. */
function wrong(call: PerformCall, { host }: Target, memory: Memory, what: string): PerformOutcome {
  const times = memory.wrong + 1;
  const note = `the provider at ${host} makes no sense: ${what}`;
  if (times < providerLimits.wrongAnswers) {
    const afterSeconds = providerLimits.firstPollSeconds * 2 ** times;
    return { kind: 'again', afterSeconds, memory: { ...memory, wrong: times }, note };
  }
  if (memory.actionId === null) return { kind: 'unable', reason: note };
  const document: JsonObject = {
    action_id: memory.actionId,
    status: 'FAILED',
    display_status: 'lost',
    creator_id: call.run.ownerId,
    start_time: call.startedAt,
    completion_time: call.now,
    details: { reason: `${note}; what became of the action is not known` },
  };
  return { kind: 'ended', document, memory: { ...memory } };
}

/** Everything in it is the same at a repeat: the contract asks for that. */
function requestOf(
  { actionId, request, deadlineAt, startedAt, state, run: flowRun }: PerformCall,
  { monitorBy, manageBy }: ProviderConfig,
  maximumDeadlineSeconds: number | null,
): JsonObject {
  const waitSeconds = secondsBetween(startedAt, deadlineAt);
  const isTooLong = maximumDeadlineSeconds !== null && waitSeconds > maximumDeadlineSeconds;
  return {
    request_id: actionId,
    body: request['body'] ?? {},
    label: `${state} of ${flowRun.label || flowRun.flowName}`.slice(0, 64),
    ...(monitorBy.length > 0 ? { monitor_by: monitorBy } : {}),
    ...(manageBy.length > 0 ? { manage_by: manageBy } : {}),
    ...(isTooLong ? {} : { deadline: deadlineAt }),
    release_after: providerLimits.releaseAfter,
  };
}

/** Whether the provider took the address for callbacks: else it is asked often. */
function hasAccepted({ headers }: ProviderAnswer): boolean {
  return headers.get(callbackHeader) === 'accepted';
}

/** What asking again cannot change. */
function isRefusal({ status }: ProviderAnswer): boolean {
  return status >= 300 && !isPassingTrouble(status);
}

function refusalOf({ status, words, headers }: ProviderAnswer): string {
  if (status >= 300 && status < 400) {
    const to = headers.get('location') ?? 'nowhere';
    const hint = "which is not followed; name the provider's own address";
    return `it redirects (${status}) to ${to}, ${hint}`;
  }
  const hint = status === 401 ? '; see "providers" in the hub\'s configuration for its token' : '';
  return `${status} ${words}`.trim() + hint;
}

/** Tells the provider that the action is not needed any more, if it is known there. */
async function tell(call: PerformCall, what: 'cancel' | 'release'): Promise<void> {
  const { actionId } = memoryOf(call.memory);
  if (actionId === null) return;
  const { url, config, host } = targetOf(call);
  const { status, words } = await call.hub.providers.ask(url, config, {
    method: 'POST',
    path: `/${encodeURIComponent(actionId)}/${what}`,
    signal: call.signal,
  });
  // That it is over there, unknown or not possible leaves nothing to do.
  if (isPassingTrouble(status)) {
    throw new DomainError('unavailable', `${what} at ${host}: ${status} ${words}`);
  }
}
