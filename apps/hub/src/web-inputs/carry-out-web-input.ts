import { DomainError } from '@interpulse/domain/error.ts';
import type { FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import type { FlowEffect, FlowEvent } from '@interpulse/domain/flow/flow-progress.ts';
import { allStates } from '@interpulse/domain/flow/sub-flow.ts';
import type { WebInputId } from '@interpulse/domain/id.ts';
import { readRespondents } from '@interpulse/domain/web-input/respondents.ts';
import { webInputLimits } from '@interpulse/domain/web-input/web-input-limits.ts';
import { addSeconds, secondsBetween } from '@interpulse/domain/time.ts';
import { doesAgain } from '@interpulse/store/flow-runs/read-rerun-source.ts';
import type { LockedFlowRun } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import { findWebInput } from '@interpulse/store/web-inputs/read-web-inputs.ts';
import {
  countOpenWebInputs,
  insertWebInput,
  lockOpenWebInputs,
  lockWebInput,
  missingRespondents,
  setWaitingSteps,
} from '@interpulse/store/web-inputs/write-web-inputs.ts';
import { withOwnPrincipals } from '../action-providers/grantees-of-urns.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { closeWebInput } from './close-web-input.ts';
import { endedEvent } from './ended-event.ts';

type CreateEffect = FlowEffect & { kind: 'createWebInput' };
type WebInputEffect = FlowEffect & {
  kind: 'createWebInput' | 'awaitWebInput' | 'leaveWebInput' | 'finishRun';
};

/** Where an effect is carried out: in the transaction that holds the flow run's lock. */
export interface WebInputCall {
  hub: Hub;
  tx: HubTransaction;
  run: Pick<LockedFlowRun, 'id' | 'project'>;
  definition: FlowDefinition;
  at: string;
}

/** Whether an effect may change questions; the end of a flow run closes those that are open. */
export function concernsWebInputs(effect: FlowEffect): effect is WebInputEffect {
  return ['createWebInput', 'awaitWebInput', 'leaveWebInput', 'finishRun'].includes(effect.kind);
}

/** Carries out what a flow run wants of a question; what it is to hear of it at once. */
export async function carryOutWebInput(
  call: WebInputCall,
  effect: WebInputEffect,
): Promise<FlowEvent[]> {
  switch (effect.kind) {
    case 'createWebInput':
      return [await ask(call, effect)];
    case 'awaitWebInput':
      return [await waitForAnswer(call, effect.step, effect.webInputId)];
    case 'leaveWebInput':
      await leave(call, effect.step, effect.webInputId);
      return [];
    case 'finishRun':
      await closeAll(call);
      return [];
  }
}

/** Most flow runs ask nobody anything: only those that might have are looked at. */
async function closeAll({ tx, run, definition, at }: WebInputCall): Promise<void> {
  const asks = [...allStates(definition).values()].some(({ Type }) => Type === 'CreateWebInput');
  if (!asks) return;
  for (const asked of await lockOpenWebInputs(tx, run.id)) {
    await closeWebInput(tx, asked, 'its flow run is over', at);
  }
}

async function ask(
  { hub, tx, run, at }: WebInputCall,
  { step, state, question, respondentUrns, respondentsPrivate, expiresAt }: CreateEffect,
): Promise<FlowEvent> {
  const refused = (reason: string): FlowEvent => ({ kind: 'webInputRefused', step, reason });
  const principals = await withOwnPrincipals(tx, respondentUrns, hub.mapping.principals);
  const respondents = readRespondents(respondentUrns, run.project, principals);
  if ('problem' in respondents) return refused(respondents.problem);
  const missing = await missingRespondents(tx, respondents);
  if (missing.length > 0) return refused(`RespondentUrns: there is no ${missing.join(', ')}`);
  const { openPerFlowRun } = webInputLimits;
  if ((await countOpenWebInputs(tx, run.id)) >= openPerFlowRun) {
    return refused(`a flow run asks at most ${openPerFlowRun} questions at a time`);
  }
  const id = hub.newId('webinput');
  const fields = { id, flowRunId: run.id, step, stateName: state, project: run.project };
  const asked = { ...fields, question, respondents, respondentsPrivate, expiresAt };
  try {
    await insertWebInput(tx, asked, at);
  } catch (error) {
    // Texts that cannot be stored are refused before anything is sent to the database.
    if (error instanceof DomainError && error.kind === 'invalid') return refused(error.message);
    throw error;
  }
  tx.notify([topics.webInputs]);
  return { kind: 'webInputCreated', step, webInputId: id };
}

async function waitForAnswer(call: WebInputCall, step: number, id: WebInputId): Promise<FlowEvent> {
  const { tx, run } = call;
  const asked = await lockWebInput(tx, id);
  const isOwn = asked?.flowRunId === run.id;
  if (asked === undefined || !(isOwn || (await doesAgain(tx, run.id, asked.flowRunId)))) {
    return { kind: 'webInputRefused', step, reason: `${id} is no question of this flow run` };
  }
  // What was answered when it was done before is answered.
  if (isOwn ? asked.status !== 'open' : asked.status === 'answered') return endedEvent(asked, step);
  const open = isOwn ? asked : await askAgain(call, step, id);
  if (open === undefined) throw new RangeError(`question ${id} went away while it was locked`);
  await setWaitingSteps(tx, open.id, [...(isOwn ? asked.waitingSteps : []), step]);
  const { title } = open.question;
  return { kind: 'webInputOpen', step, webInputId: open.id, title, expiresAt: open.expiresAt };
}

/** The question of a flow run that is done again, put to the same people for as long. */
async function askAgain({ hub, tx, run, at }: WebInputCall, step: number, id: WebInputId) {
  const before = await findWebInput(tx, id);
  if (before === undefined) return undefined;
  const { stateName, question, users, projects, respondentsPrivate } = before;
  const seconds = secondsBetween(before.createdAt, before.expiresAt);
  const asked = {
    ...{ id: hub.newId('webinput'), flowRunId: run.id, step, stateName, project: run.project },
    ...{ question, respondents: { users, projects }, respondentsPrivate },
    expiresAt: addSeconds(at, seconds),
  };
  await insertWebInput(tx, asked, at);
  tx.notify([topics.webInputs]);
  return asked;
}

/** A question that nobody waits for any more is closed: an answer would come to nothing. */
async function leave({ tx, at }: WebInputCall, step: number, id: WebInputId): Promise<void> {
  const asked = await lockWebInput(tx, id);
  if (asked?.status !== 'open' || !asked.waitingSteps.includes(step)) return;
  const others = asked.waitingSteps.filter((other) => other !== step);
  if (others.length > 0) await setWaitingSteps(tx, id, others);
  else await closeWebInput(tx, asked, 'its flow run needs it no more', at);
}
