import { evaluateInputSchema } from '@interpulse/domain/flow/action-inputs.ts';
import { evaluateExpression } from '@interpulse/domain/flow/expression/evaluate-expression.ts';
import { writeResultPath } from '@interpulse/domain/flow/result-path.ts';
import { StateError } from '@interpulse/domain/flow/state-error.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Action } from './action.ts';
import { endedAtOnce } from './ended-at-once.ts';

/** `interpulse:evaluate`: expressions over named arguments, as Globus' older action has them. */
export const evaluate: Action = {
  deferred: false,

  async start(call) {
    const { expressions } = evaluateInputSchema.parse(call.input);
    let details: JsonObject = {};
    try {
      for (const { expression, arguments: given, resultPath } of expressions) {
        const { value } = evaluateExpression(expression, { document: given, privatePaths: [] });
        const path = resultPath.startsWith('$') ? resultPath : `$.${resultPath}`;
        details = writeResultPath(details, path, value);
      }
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      return { kind: 'unable', reason: `${call.state}: ${error.message}` };
    }
    return endedAtOnce(call, details, { displayStatus: 'evaluated' });
  },
};
