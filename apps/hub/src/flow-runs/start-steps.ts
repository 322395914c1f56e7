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

/** A step with its action, by the name for `actionNamed`, and what that is started with. */
interface CalledStep {
  step: StepToStart;
  action: Action;
  name: string;
  call: ActionCall;
}

/**
 * Starts the actions of steps, of one flow run or of many, those that can be started together
 * together. Every step is answered.
 */
export async function startSteps(
  hub: Hub,
  tx: HubTransaction,
  steps: readonly StepToStart[],
): Promise<ReadonlyMap<StepToStart, ActionStart>> {
  const starts = new Map<StepToStart, ActionStart>();
  const called: CalledStep[] = [];
  for (const step of steps) {
    const found = await callOf(hub, tx, step);
    if ('unable' in found) starts.set(step, { kind: 'unable', reason: found.unable });
    else called.push(found);
  }
  const byAction = Map.groupBy(called, ({ action }) => action);
  if (byAction.has(compute)) askOnceForStarts(hub, tx);
  for (const [action, ofIt] of byAction) {
    const answers = await startAll(
      action,
      ofIt.map(({ call }) => call),
    );
    for (const [index, { step, name, call }] of ofIt.entries()) {
      const start = answers[index] ?? { kind: 'unable', reason: 'it was not started' };
      if (start.kind === 'deferred') await deferAction(call, name, start);
      starts.set(step, start);
    }
  }
  return starts;
}

async function callOf(
  hub: Hub,
  tx: HubTransaction,
  step: StepToStart,
): Promise<CalledStep | { unable: string }> {
  const { run, effect, at } = step;
  const { state, provider, input } = effect;
  const { mapping } = hub;
  const { name, foreign } = chooseAction(provider, mapping);
  const action = name === null ? undefined : actionNamed(name);
  if (name === null || !action) return { unable: refuseAction(provider) };
  const adapted = foreign === null ? { input } : adaptForeignInput(foreign, input, mapping);
  if ('problems' in adapted) return { unable: `${state}: ${adapted.problems.join('; ')}` };
  const actor = await step.actor();
  if ('refusal' in actor) return { unable: `${state}: ${actor.refusal}` };
  const call = { ...effect, hub, tx, run: { ...run, ...actor }, at, ...adapted };
  return { step, action, name, call };
}

/** What is refused to all together is asked for each alone: one must not spoil the others. */
async function startAll(action: Action, calls: readonly ActionCall[]): Promise<ActionStart[]> {
  const [first, ...others] = calls;
  if ('startAll' in action && first !== undefined && others.length > 0) {
    try {
      return await action.startAll([first, ...others]);
    } catch (error) {
      if (refusalOf(error) === null) throw error;
    }
  }
  const starts: ActionStart[] = [];
  for (const call of calls) starts.push(...(await startOne(action, call)));
  return starts;
}

async function startOne(action: Action, call: ActionCall): Promise<ActionStart[]> {
  try {
    return 'startAll' in action ? await action.startAll([call]) : [await action.start(call)];
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === null) throw error;
    return [{ kind: 'unable', reason: `${call.state}: ${reason}` }];
  }
}
