import type { Fault } from '../error.ts';
import { inspectExpression } from '../flow/expression/inspect-expression.ts';
import { trailOfReference } from '../flow/expression/functions.ts';
import { inspectParameters } from '../flow/parameters.ts';
import { StateInspection } from '../flow/state-inspection.ts';
import { hasMapping } from './evaluate-trigger.ts';
import type { TriggerRequest } from './trigger.ts';

/** What is wrong with a trigger beyond its form: expressions, paths, rules that cannot apply. */
export function inspectTrigger(trigger: TriggerRequest): Fault[] {
  const inspection = new StateInspection('trigger');
  const { source, deadline } = trigger;
  for (const name of ['label', 'when', 'dedupKey'] as const) {
    const text = trigger[name];
    if (text !== null) inspectExpression([name], text, inspection);
  }
  if (hasMapping(trigger.input)) inspectParameters(trigger.input, ['input'], inspection);
  if (typeof deadline === 'object') {
    inspectExpression(['deadline', 'at.='], deadline['at.='], inspection);
  }
  if (source.kind === 'dataset') {
    for (const [index, { path }] of source.where.entries()) {
      if (trailOfReference(path) !== null) continue;
      const at = ['source', 'where', index, 'path'];
      inspection.fault(at, 'json_path', `"${path}" is no path such as sample.name`);
    }
  }
  // Faults of a state stand under `States` and its name.
  return inspection.faults.map((fault) => ({ ...fault, loc: fault.loc.slice(2) }));
}
