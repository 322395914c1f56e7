import type { FlowEffect } from '@interpulse/domain/flow/flow-progress.ts';
import { adaptForeignInput } from '@interpulse/domain/flow/import/foreign-input.ts';
import type { LockedFlowRun } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import type { Action, ActionCall, ActionStart } from '../actions/action.ts';
import { actionNamed } from '../actions/deferred-action.ts';
import { refusalOf } from '../actions/refusal-of.ts';
import { compute } from '../actions/compute.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { askOnceForStarts } from '../services/ask-for-starts.ts';
import { chooseAction, refuseAction } from './choose-action.ts';
import { deferAction } from './defer-action.ts';
import type { Actor } from './run-as.ts';

/** A step of a flow run whose action is to be started. */
export interface StepToStart {
  run: LockedFlowRun;
  effect: FlowEffect & { kind: 'startAction' };
  /** For whom; see `actorOf`. */
  actor: () => Promise<Actor>;
  at: string;
}

/**
 * Starts the actions of steps, of one flow run or of many, those that can be started together
 * together; the answers are in the order of the steps.
 */
export async function startSteps(
  hub: Hub,
  tx: HubTransaction,
  steps: readonly StepToStart[],
): Promise<ActionStart[]> {
  const starts = new Map<StepToStart, ActionStart>();
  const calls = new Map<Action, { step: StepToStart; call: ActionCall }[]>();
  for (const step of steps) {
    const found = await callOf(hub, tx, step);
    if ('unable' in found) {
      starts.set(step, { kind: 'unable', reason: found.unable });
      continue;
    }
    const known = calls.get(found.action) ?? [];
    known.push({ step, call: found.call });
    calls.set(found.action, known);
  }
  if (calls.has(compute)) askOnceForStarts(hub, tx);
  for (const [action, asked] of calls) {
    const answers = await startAll(
      action,
      asked.map(({ call }) => call),
    );
    for (const [index, { step, call }] of asked.entries()) {
      const start = answers[index];
      if (start?.kind === 'deferred') await defer(hub, tx, call, step, start);
      if (start !== undefined) starts.set(step, start);
    }
  }
  return steps.map((step) => starts.get(step) ?? { kind: 'unable', reason: 'it was not started' });
}

async function callOf(
  hub: Hub,
  tx: HubTransaction,
  { run, effect, actor: whose, at }: StepToStart,
): Promise<{ action: Action; call: ActionCall } | { unable: string }> {
  const { state, provider, input } = effect;
  const { mapping } = hub;
  const { name, foreign } = chooseAction(provider, mapping);
  const action = name === null ? undefined : actionNamed(name);
  if (!action) return { unable: refuseAction(provider) };
  const adapted = foreign === null ? { input } : adaptForeignInput(foreign, input, mapping);
  if ('problems' in adapted) return { unable: `${state}: ${adapted.problems.join('; ')}` };
  const actor = await whose();
  if ('refusal' in actor) return { unable: `${state}: ${actor.refusal}` };
  return { action, call: { ...effect, hub, tx, run: { ...run, ...actor }, at, ...adapted } };
}

/** What is refused to all together is asked for each alone: one must not spoil the others. */
async function startAll(action: Action, calls: readonly ActionCall[]): Promise<ActionStart[]> {
  const [first, ...others] = calls;
  if (first === undefined) return [];
  if ('startAll' in action) {
    try {
      return await action.startAll([first, ...others]);
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === null) throw error;
      if (others.length === 0) return [{ kind: 'unable', reason: `${first.state}: ${reason}` }];
    }
  }
  const starts: ActionStart[] = [];
  for (const call of calls) {
    const alone =
      'startAll' in action ? await startAll(action, [call]) : [await startOne(action, call)];
    starts.push(...alone);
  }
  return starts;
}

async function startOne(
  action: Exclude<Action, { startAll: unknown }>,
  call: ActionCall,
): Promise<ActionStart> {
  try {
    return await action.start(call);
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === null) throw error;
    return { kind: 'unable', reason: `${call.state}: ${reason}` };
  }
}

async function defer(
  hub: Hub,
  tx: HubTransaction,
  { run: { id: flowRunId, ownerId, project } }: ActionCall,
  { effect, at }: StepToStart,
  start: ActionStart & { kind: 'deferred' },
): Promise<void> {
  const { name } = chooseAction(effect.provider, hub.mapping);
  const deferred = { ...effect, action: name ?? '', flowRunId, ownerId, project };
  await deferAction(hub, tx, deferred, start, at);
}
