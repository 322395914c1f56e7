import { hideWords } from '@interpulse/domain/hide-words.ts';
import type { FlowEvent } from '@interpulse/domain/flow/flow-progress.ts';
import { addSeconds, type Instant } from '@interpulse/domain/time.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import type { ClaimedAction } from '@interpulse/store/action-runs/claim-action-runs.ts';
import {
  settleActionRun,
  type ActionSettled,
} from '@interpulse/store/action-runs/write-action-runs.ts';
import { deferredAction } from '../actions/deferred-action.ts';
import type { CallOutcome } from '../actions/call-action.ts';
import { performLimits } from '../actions/perform-limits.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { enact } from './enact.ts';
import { lockKnownRun } from './lock-known-run.ts';

/** Writes what a call of an action came to, and tells its flow run, in one transaction. */
export async function settleAction(
  hub: Hub,
  action: ClaimedAction,
  lease: string,
  outcome: CallOutcome,
): Promise<void> {
  const at = hub.now();
  const settled: ActionSettled = { ...changeOf(action, outcome, at), id: action.id, lease, at };
  const event = eventOf(action, outcome);
  await hub.transaction(async (tx) => {
    if (event === null) {
      if (await settleActionRun(tx, settled)) await tellNews(tx, action, settled);
      if (settled.siteId !== null) tx.notify([topics.actions]);
      return;
    }
    // The flow run first, as everywhere: whoever gives the step up has it locked as well.
    const run = await lockKnownRun(hub, tx, action.flowRunId);
    if (!(await settleActionRun(tx, settled)) || run === undefined) return;
    await enact(hub, tx, run, event);
  });
}

type Change = Omit<ActionSettled, 'id' | 'lease' | 'at'>;

function changeOf(action: ClaimedAction, outcome: CallOutcome, at: Instant): Change {
  const same: Change = {
    status: action.status,
    memory: undefined,
    note: action.note,
    lastError: null,
    faults: 0,
    dueAt: at,
    siteId: null,
  };
  switch (outcome.kind) {
    case 'ended': {
      const isKept = deferredAction(action.action)?.release !== null;
      return { ...same, status: isKept ? 'releasing' : 'ended', memory: outcome.memory };
    }
    case 'unable':
      return { ...same, status: 'ended', lastError: short(action, outcome.reason) };
    case 'again': {
      const { memory, note, afterSeconds } = outcome;
      const dueAt = addSeconds(at, afterSeconds);
      return { ...same, status: 'active', memory, note: short(action, note), dueAt };
    }
    case 'stalled': {
      const { memory, reason, afterSeconds } = outcome;
      const dueAt = afterSeconds === undefined ? null : addSeconds(at, afterSeconds);
      return { ...same, status: 'stalled', memory, note: short(action, reason), dueAt };
    }
    case 'missed':
      return missed(action, same, outcome.error, at);
    case 'elsewhere': {
      const { siteId, error } = outcome;
      return { ...same, siteId, faults: action.faults, lastError: short(action, error) };
    }
    case 'interrupted':
      return { ...same, faults: action.faults };
    case 'gone':
      return { ...same, status: 'ended' };
  }
}

function missed(action: ClaimedAction, same: Change, error: string, at: Instant): Change {
  const { firstPauseSeconds, longestPauseSeconds, farewells } = performLimits;
  const faults = action.faults + 1;
  const isOver = action.status === 'canceling' || action.status === 'releasing';
  if (isOver && faults >= farewells)
    return { ...same, status: 'ended', lastError: short(action, error) };
  const pause = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.min(faults - 1, 20));
  return { ...same, faults, lastError: short(action, error), dueAt: addSeconds(at, pause) };
}

function eventOf(action: ClaimedAction, outcome: CallOutcome): FlowEvent | null {
  const { step, status } = action;
  if (status === 'canceling' || status === 'releasing') return null;
  switch (outcome.kind) {
    case 'ended':
      return { kind: 'actionEnded', step, statusDocument: outcome.document };
    case 'unable': {
      const reason = `${action.stateName}: ${outcome.reason}`;
      return { kind: 'actionUnableToRun', step, reason };
    }
    case 'stalled':
      return { kind: 'actionStalled', step, reason: outcome.reason };
    case 'again':
      // What it needed a person for was seen to elsewhere.
      return status === 'stalled' ? { kind: 'resumed' } : null;
    default:
      return null;
  }
}

/** Who looks at the flow run sees what its action says of itself. */
async function tellNews(
  tx: HubTransaction,
  action: ClaimedAction,
  settled: ActionSettled,
): Promise<void> {
  const isKnown = settled.lastError === null || settled.lastError === action.lastError;
  if (settled.note === action.note && isKnown) return;
  const { id, project, flowName } = action.run;
  const data = { flow: flowName, state: action.stateName, status: 'ACTIVE' };
  const subject = { kind: 'flowRun.advanced', subjectType: 'flowRun', subjectId: id } as const;
  const event = { ...subject, at: settled.at, project, flowRunId: id, actor: null, data };
  await appendEvents(tx, [event]);
  tx.notify([eventsTopic]);
}

/** What people read of an action: providers repeat what they were given. */
function short({ privateWords }: ClaimedAction, text: string): string {
  return hideWords(text, privateWords).slice(0, performLimits.noteCharacters);
}
