import { z } from 'zod';
import { isJsonObject } from '../../json.ts';
import { idSchema } from '../../id.ts';
import type { WebInputId } from '../../id.ts';
import { catcherSchema, inspectCatching } from '../catching.ts';
import type { FlowEvent } from '../flow-progress.ts';
import { parameterNames } from '../parameters.ts';
import { errorNames, StateError } from '../state-error.ts';
import { raises } from '../state-kind.ts';
import type { StateKind, StateOutcome } from '../state-kind.ts';
import { objectSchema, transitionShape } from './state-fields.ts';
import { inspectStateInput, stateInput } from './state-input.ts';

const awaitWebInputSchema = z.strictObject({
  Type: z.literal('AwaitWebInput'),
  ...transitionShape,
  Parameters: objectSchema.optional(),
  InputPath: z.string().optional(),
  ResultPath: z.string().optional(),
  Catch: z.array(catcherSchema).optional(),
});

/** A state of type AwaitWebInput, as parsed. */
export type AwaitWebInputState = z.infer<typeof awaitWebInputSchema>;

const webInputIdSchema = idSchema('webinput');

/** Waits for the answer to a question; the flow run is INACTIVE meanwhile. */
export const awaitWebInputState: StateKind<AwaitWebInputState> = {
  schema: awaitWebInputSchema,
  blocks: true,
  globus: true,
  inspect(state, inspection) {
    inspection.transition(state);
    inspection.oneOf(state, ['Parameters', 'InputPath'], true);
    inspectStateInput(state, inspection);
    const { Parameters: parameters } = state;
    if (parameters !== undefined && !parameterNames(parameters).includes('web_input_id')) {
      inspection.fault(['Parameters'], 'missing', 'web_input_id is required');
    }
    inspection.writePath(['ResultPath'], state.ResultPath ?? '$');
    inspectCatching(state, inspection);
    inspection.warnReplaced(state, 'answer');
  },
  enter(state, visit) {
    const input = stateInput(state, visit.scope);
    const named = isJsonObject(input.value) ? input.value['web_input_id'] : undefined;
    const parsed = webInputIdSchema.safeParse(named);
    if (!parsed.success) {
      const said = JSON.stringify(named ?? null).slice(0, 100);
      throw new StateError(errorNames.webInput, `web_input_id ${said} is no id of a question`);
    }
    const webInputId: WebInputId = parsed.data;
    const { step } = visit.branch;
    return {
      kind: 'block',
      wait: { kind: 'webInput', webInputId, title: null, expiresAt: null },
      effects: [{ kind: 'awaitWebInput', step, webInputId }],
      input,
    };
  },
  receive(state, visit, event) {
    const { wait } = visit.branch;
    if (wait?.kind !== 'webInput') {
      return { kind: 'refuse', reason: 'otherStep', message: 'no answer is waited for' };
    }
    switch (event.kind) {
      case 'webInputOpen': {
        const { webInputId, title, expiresAt } = event;
        if (wait.title !== null) {
          return { kind: 'refuse', reason: 'repeated', message: 'the question is known already' };
        }
        return {
          kind: 'block',
          wait: { ...wait, webInputId, title, expiresAt },
          effects: [],
          input: null,
        };
      }
      case 'webInputRefused':
        return raises(errorNames.webInput, event.reason);
      case 'webInputEnded':
        return ended(state, event);
      default:
        return { kind: 'refuse', reason: 'otherStep', message: 'the step waits for an answer' };
    }
  },
};

function ended(
  state: AwaitWebInputState,
  { status, document }: FlowEvent & { kind: 'webInputEnded' },
): StateOutcome {
  if (status === 'answered') {
    const output = { value: document, privatePaths: [] };
    return { kind: 'done', output, resultPath: state.ResultPath ?? '$', input: null };
  }
  // Who wrote the flow foresaw that nobody answers; to close a question comes to the same.
  const by = typeof document['closed_by'] === 'string' ? ` by ${document['closed_by']}` : '';
  const why = typeof document['comment'] === 'string' ? document['comment'] : '';
  const closed = `the question was closed unanswered${by}${why === '' ? '' : `: ${why}`}`;
  const cause = status === 'expired' ? 'nobody answered in time' : closed;
  return raises(errorNames.webInputExpired, cause, { ...document, status });
}
