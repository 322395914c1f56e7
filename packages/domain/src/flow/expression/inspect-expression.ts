import type { JsonTrail } from '../../json.ts';
import type { StateInspection } from '../state-inspection.ts';
import { ExpressionError } from './expression-syntax.ts';
import { parseExpression } from './parse-expression.ts';
import { readsOfExpression } from './reads-of-expression.ts';

/** Checks the text of an expression when a definition is saved, and notes what it reads. */
export function inspectExpression(at: JsonTrail, text: string, inspection: StateInspection): void {
  try {
    for (const { trail, optional } of readsOfExpression(parseExpression(text))) {
      if (!optional) inspection.read(at, trail);
    }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    inspection.fault(at, 'expression', `${error.message} (character ${error.at + 1})`);
  }
}
