import { z } from 'zod';
import { addSeconds, secondsBetween } from '../../time.ts';
import { catcherSchema, inspectCatching, retrierSchema } from '../catching.ts';
import { flowLimits } from '../flow-limits.ts';
import type { BranchWait, FlowEffect } from '../flow-progress.ts';
import { hideInSentence } from '../hide-in-error.ts';
import { isJsonObject } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { errorNames } from '../state-error.ts';
import { raises } from '../state-kind.ts';
import type { StateKind, StateOutcome, StateVisit } from '../state-kind.ts';
import { objectSchema, transitionShape } from './state-fields.ts';
import { inspectStateInput, stateInput } from './state-input.ts';

const addressSchema = z
  .string()
  .max(2000)
  .regex(
    // Without TLS only what the hub's administrator allows; see the hub's `providers`.
    /^(?:https?:\/\/\S+|interpulse:[a-z][a-z0-9-]*)$/,
    'an address is https://... or interpulse:NAME, such as interpulse:compute',
  );

const handlerForms =
  'a Handler is {"Type": "ActionProvider", "Url"}, {"Type": "RegisteredAPI", "Id"}, or ' +
  'urn:globus:flows:handle:NAME';

const handlerSchema = z.union(
  [
    // A service that Globus has registered, by its name.
    z
      .string()
      .max(500)
      .regex(/^urn:globus:flows:handle:\S+$/, handlerForms),
    z.discriminatedUnion('Type', [
      z.strictObject({
        Type: z.literal('ActionProvider'),
        Url: addressSchema,
        Scope: z.string().optional(),
      }),
      z.strictObject({ Type: z.literal('RegisteredAPI'), Id: z.guid() }),
    ]),
  ],
  handlerForms,
);

const actionSchema = z.strictObject({
  Type: z.literal('Action'),
  ...transitionShape,
  ActionUrl: addressSchema.optional(),
  Handler: handlerSchema.optional(),
  ActionScope: z.string().optional(),
  Parameters: objectSchema.optional(),
  InputPath: z.string().optional(),
  ResultPath: z.string().optional(),
  WaitTime: z.number().int().min(1).max(flowLimits.waitSeconds).optional(),
  ExceptionOnActionFailure: z.boolean().optional(),
  Catch: z.array(catcherSchema).optional(),
  Retry: z.array(retrierSchema).optional(),
  RunAs: z.string().min(1).optional(),
});

/** A state of type Action, as parsed. */
export type ActionState = z.infer<typeof actionSchema>;

/** Starts an action at a provider and waits for its end or for WaitTime. */
export const actionState: StateKind<ActionState> = {
  schema: actionSchema,
  blocks: true,
  globus: true,
  inspect(state, inspection) {
    inspection.transition(state);
    inspection.oneOf(state, ['ActionUrl', 'Handler'], true);
    inspection.oneOf(state, ['Parameters', 'InputPath'], false);
    inspectStateInput(state, inspection);
    inspection.writePath(['ResultPath'], state.ResultPath ?? '$');
    inspectCatching(state, inspection);
    inspection.warnReplaced(state, 'result');
    if (state.WaitTime === undefined) {
      const seconds = flowLimits.defaultWaitTimeSeconds;
      const msg = `without WaitTime the action is given up after ${seconds} s`;
      inspection.warn([], 'wait_time', msg);
    }
    if (isRegistered(providerOf(state))) {
      const msg = 'registered APIs exist at Globus only; mapping.actions may name one of ours';
      inspection.warn(['Handler'], 'registered_api', msg);
    }
  },
  enter(state, visit) {
    const input = stateInput(state, visit.scope);
    const waitTimeSeconds = state.WaitTime ?? flowLimits.defaultWaitTimeSeconds;
    const timeoutAt = addSeconds(visit.now, waitTimeSeconds);
    const provider = providerOf(state);
    const { step } = visit.branch;
    const effects: FlowEffect[] = [
      {
        kind: 'startAction',
        step,
        state: visit.branch.state,
        provider,
        scope: scopeOf(state),
        input: input.value,
        runAs: state.RunAs ?? 'User',
        waitTimeSeconds,
        privatePaths: input.privatePaths,
      },
      { kind: 'setTimer', step, dueAt: timeoutAt },
    ];
    const wait = { kind: 'action', provider, timeoutAt, waitTimeSeconds, stalled: null } as const;
    return { kind: 'block', wait, effects, input };
  },
  receive(state, visit, event) {
    const { wait } = visit.branch;
    if (wait?.kind !== 'action') {
      return { kind: 'refuse', reason: 'otherStep', message: 'no action is under way' };
    }
    switch (event.kind) {
      case 'actionEnded':
        return ended(state, visit, event.statusDocument);
      case 'actionUnableToRun':
        return raises(errorNames.unableToRun, event.reason);
      case 'actionStalled':
        return stalled(wait, hideInSentence(event.reason, state, visit.scope));
      case 'timerFired':
        return timedOut(visit, wait, event.lastStatus);
      default:
        return { kind: 'refuse', reason: 'otherStep', message: 'the step waits for its action' };
    }
  },
};

function stalled(wait: BranchWait & { kind: 'action' }, said: string): StateOutcome {
  const reason = said.slice(0, flowLimits.causeCharacters);
  if (wait.stalled === reason) {
    return { kind: 'refuse', reason: 'repeated', message: 'the action waits for that already' };
  }
  return { kind: 'block', wait: { ...wait, stalled: reason }, effects: [], input: null };
}

/**
 * Where an action is: `interpulse:NAME`, `https://...`, or a registered API of Globus, as
 * `registered-api:UUID` or `urn:globus:flows:handle:NAME`.
 */
export function providerOf(state: ActionState): string {
  const { Handler: handler } = state;
  if (handler === undefined) return state.ActionUrl ?? '';
  if (typeof handler === 'string') return handler;
  return handler.Type === 'ActionProvider' ? handler.Url : `registered-api:${handler.Id}`;
}

/** Whether what `providerOf` answers is a registered API of Globus. */
export function isRegistered(provider: string): boolean {
  return /^(?:registered-api|urn:globus:flows:handle):/.test(provider);
}

function scopeOf({ ActionScope: scope, Handler: handler }: ActionState): string | null {
  if (scope !== undefined) return scope;
  if (typeof handler !== 'object' || handler.Type !== 'ActionProvider') return null;
  return handler.Scope ?? null;
}

function ended(state: ActionState, visit: StateVisit, document: JsonObject): StateOutcome {
  const status = document['status'];
  if (status !== 'SUCCEEDED' && status !== 'FAILED') {
    const message = `an action ends as SUCCEEDED or FAILED, not as ${JSON.stringify(status)}`;
    return { kind: 'refuse', reason: 'invalid', message };
  }
  const output = { ...document, state_name: visit.branch.state };
  if (status === 'FAILED' && state.ExceptionOnActionFailure !== false) {
    return raises(errorNames.actionFailed, causeOf(document), output);
  }
  const resultPath = state.ResultPath ?? '$';
  return { kind: 'done', output: { value: output, privatePaths: [] }, resultPath, input: null };
}

/** The most telling sentence of a failed action's status document. */
function causeOf(document: JsonObject): string {
  const details = isJsonObject(document['details']) ? document['details'] : {};
  const said = [
    details['cause'],
    details['reason'],
    details['message'],
    details['error'],
    document['display_status'],
  ].find((text) => typeof text === 'string' && text !== '' && text !== 'FAILED');
  return typeof said === 'string' ? said : 'the action failed and did not say why';
}

function timedOut(
  visit: StateVisit,
  { timeoutAt, waitTimeSeconds }: BranchWait & { kind: 'action' },
  lastStatus: JsonObject = {},
): StateOutcome {
  const leftSeconds = secondsBetween(visit.now, timeoutAt);
  if (leftSeconds > 0) {
    const message = `the action has ${leftSeconds} s left, until ${timeoutAt}`;
    return { kind: 'refuse', reason: 'early', message };
  }
  const cause = `the action did not end within its WaitTime of ${waitTimeSeconds} s`;
  const { step } = visit.branch;
  const raised = raises(errorNames.actionTimeout, cause, { status: 'ACTIVE', ...lastStatus });
  return { ...raised, effects: [{ kind: 'cancelAction', step }] };
}
