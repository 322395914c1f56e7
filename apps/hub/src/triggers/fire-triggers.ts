import type { FlowRunId } from '@interpulse/domain/id.ts';
import { chainStep } from '@interpulse/domain/trigger/chain-step.ts';
import {
  evaluateTrigger,
  type TriggerVerdict,
} from '@interpulse/domain/trigger/evaluate-trigger.ts';
import { sourceMatches } from '@interpulse/domain/trigger/source-matches.ts';
import { subjectKey } from '@interpulse/domain/trigger/source-subject.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { FiringOutcome } from '@interpulse/domain/trigger/trigger-firing.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { claimFiring, reclaimFiring, type NewFiring } from '@interpulse/store/triggers/firings.ts';
import { triggersOfSubjects, type StoredTrigger } from '@interpulse/store/triggers/triggers.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { isByHand } from './event-by-hand.ts';
import { noteTriggerFailure } from './note-trigger-failure.ts';
import { holdRate } from './hold-rate.ts';
import { readMeans, startTriggeredRun } from './start-triggered-run.ts';
import { noteUntold } from './untold-firings.ts';

/** What became of an event at one trigger. */
export interface Fired {
  trigger: string;
  key: string;
  /** `duplicate` when it was known. */
  outcome: FiringOutcome | 'duplicate';
  reason: string | null;
  flowRunId: FlowRunId | null;
}

/**
 * Offers events to the triggers that listen to them, in the transaction in which they are written.
 * Answers the flow runs that were started, in the order of events and of the triggers' names.
 * What is wrong with a trigger is noted with it, and neither the event nor other triggers suffer.
 */
export async function fireTriggers(
  hub: Hub,
  tx: HubTransaction,
  events: readonly TriggerEvent[],
): Promise<FlowRunId[]> {
  if (events.length === 0) return [];
  const subjects = new Set(events.map((event) => subjectKey(event.kind, event.subject)));
  const found = await triggersOfSubjects(tx, [...subjects]);
  const started: FlowRunId[] = [];
  for (const event of events) {
    for (const trigger of found.get(subjectKey(event.kind, event.subject)) ?? []) {
      if (!sourceMatches(trigger.source, event)) continue;
      const { flowRunId } = await fireTrigger(hub, tx, trigger, event);
      if (flowRunId !== null) started.push(flowRunId);
    }
  }
  return started;
}

/**
 * The same for an event that takes reading to tell of: it is made only when somebody listens to
 * its subject.
 */
export async function fireIfHeard(
  hub: Hub,
  tx: HubTransaction,
  kind: TriggerEvent['kind'],
  subject: string,
  tell: () => Promise<TriggerEvent | null>,
): Promise<FlowRunId[]> {
  const key = subjectKey(kind, subject);
  const listeners = (await triggersOfSubjects(tx, [key])).get(key) ?? [];
  const event = listeners.length === 0 ? null : await tell();
  if (event === null) return [];
  const matching = listeners.filter(({ source }) => sourceMatches(source, event));
  const step = chainStep(matching.filter((trigger) => startsBy(trigger, event)).length);
  const started: FlowRunId[] = [];
  for (const trigger of matching) {
    const { flowRunId } = await fireTrigger(hub, tx, trigger, event, step);
    if (flowRunId !== null) started.push(flowRunId);
  }
  return started;
}

function startsBy(trigger: StoredTrigger, event: TriggerEvent): boolean {
  return trigger.pause === null && evaluateTrigger(trigger, event).kind === 'start';
}

/** See {@link fireIfHeard}. */
export type FireIfHeard = typeof fireIfHeard;

/** Offers an event to one trigger that matches it; `step` see {@link chainStep}. */
export async function fireTrigger(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  event: TriggerEvent,
  step = 1,
): Promise<Fired> {
  tx.notify([eventsTopic]);
  const fired = await offer(hub, tx, trigger, event, step);
  // The others have an event of their own: a flow run's, or `trigger.failed`.
  const isTold = fired.outcome === 'fired' || fired.outcome === 'failed';
  if (!isTold) noteUntold(hub, tx, trigger, fired.outcome);
  return fired;
}

async function offer(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  event: TriggerEvent,
  step: number,
): Promise<Fired> {
  const verdict = evaluateTrigger(trigger, event);
  if (trigger.pause !== null) {
    return noteOnly(hub, tx, trigger, event, verdict.key, 'paused', trigger.pause.reason);
  }
  if (verdict.kind === 'start') return startOrHold(hub, tx, trigger, event, verdict, step);
  const { key, kind, reason } = verdict;
  const noted = await noteOnly(hub, tx, trigger, event, key, kind, reason);
  if (kind === 'failed' && noted.outcome === 'failed') {
    await noteTriggerFailure(hub, tx, trigger, event, reason);
  }
  return noted;
}

async function noteOnly(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  event: TriggerEvent,
  key: string,
  outcome: FiringOutcome,
  reason: string,
): Promise<Fired> {
  const isNew = await claimFiring(tx, {
    trigger: trigger.name,
    key,
    summary: event.summary,
    outcome,
    reason,
    flowRunId: null,
    at: hub.now(),
    document: keptDocument(event),
    depth: event.depth + 1,
  });
  return {
    trigger: trigger.name,
    key,
    outcome: isNew ? outcome : 'duplicate',
    reason,
    flowRunId: null,
  };
}

async function startOrHold(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  event: TriggerEvent,
  verdict: TriggerVerdict & { kind: 'start' },
  step: number,
): Promise<Fired> {
  const { key } = verdict;
  const flowRunId = hub.newId('flowrun');
  const firing: NewFiring = {
    trigger: trigger.name,
    key,
    summary: event.summary,
    outcome: 'fired',
    reason: null,
    flowRunId,
    at: hub.now(),
    document: keptDocument(event),
    depth: event.depth + step,
  };
  // They travel together; what was read for an event that is known is not used.
  const [isNew, means] = await Promise.all([claimFiring(tx, firing), readMeans(tx, trigger)]);
  // Other events may have had its key and not counted: a file that had too few frames still.
  const isFirst = isNew || (trigger.dedupKey !== null && (await reclaimFiring(tx, firing)));
  if (!isFirst) {
    return { trigger: trigger.name, key, outcome: 'duplicate', reason: null, flowRunId: null };
  }
  const held = await holdRate(hub, tx, trigger, event, key);
  if (held !== null) return { trigger: trigger.name, key, flowRunId: null, ...held };
  return startTriggeredRun(hub, tx, trigger, event, verdict, { id: flowRunId, ...means });
}

/** Deliveries are kept: nothing else tells what they said. */
function keptDocument(event: TriggerEvent) {
  return event.kind === 'webhook' && !isByHand(event) ? event.document : null;
}
