import { evaluateInputSchema } from '@interpulse/domain/flow/action-inputs.ts';
import { evaluateExpression } from '@interpulse/domain/flow/expression/evaluate-expression.ts';
import { writeResultPath } from '@interpulse/domain/flow/result-path.ts';
import { StateError } from '@interpulse/domain/flow/state-error.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Action } from './action.ts';
import { statusDocument } from './status-document.ts';

/** `interpulse:evaluate`: expressions over named arguments, as Globus' older action has them. */
export const evaluate: Action = {
  deferred: false,

  async start({ run, step, state, input, at }) {
    const { expressions } = evaluateInputSchema.parse(input);
    let details: JsonObject = {};
    try {
      for (const { expression, arguments: given, resultPath } of expressions) {
        const { value } = evaluateExpression(expression, { document: given, privatePaths: [] });
        const path = resultPath.startsWith('$') ? resultPath : `$.${resultPath}`;
        details = writeResultPath(details, path, value);
      }
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      return { kind: 'unable', reason: `${state}: ${error.message}` };
    }
    const document = statusDocument({
      actionId: `${run.id}_${step}`,
      succeeded: true,
      label: state,
      creatorId: run.ownerId,
      startedAt: at,
      endedAt: at,
      displayStatus: 'evaluated',
      details,
    });
    return { kind: 'ended', document };
  },
};
