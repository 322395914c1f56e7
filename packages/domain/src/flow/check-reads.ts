import type { Fault } from '../error.ts';
import { isJsonObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { InspectedFlow } from './inspect-flows.ts';
import { parameterNames } from './parameters.ts';
import type { StateInspection } from './state-inspection.ts';
import type { FlowState } from './states/state-kinds.ts';

/**
 * Warns of names that a state reads though neither the input schema nor a state that may run
 * before provides them. Silent where a state before may replace the whole document, or where the
 * input schema does not list its properties.
 */
export function checkReads(flows: readonly InspectedFlow[], inputSchema: JsonObject): Fault[] {
  return flows.flatMap(({ flow, states, within }) => {
    const inputs = within === null ? inputsOf(inputSchema) : inputsInside(within.state);
    return inputs === null ? [] : unknownReads(flow.StartAt, states, inputs);
  });
}

function inputsOf({ properties }: JsonObject): string[] | null {
  return isJsonObject(properties) ? Object.keys(properties) : null;
}

/** What the flow of a branch or item begins with; null when that depends on the run. */
function inputsInside(state: FlowState): string[] | null {
  const made =
    state.Type === 'Parallel'
      ? state.Parameters
      : state.Type === 'Map'
        ? state.ItemSelector
        : undefined;
  return made === undefined ? null : parameterNames(made);
}

function unknownReads(
  startAt: string,
  inspections: ReadonlyMap<string, StateInspection>,
  inputs: string[],
): Fault[] {
  const provided = provisions(startAt, inspections, ['_context', ...inputs]);
  return [...inspections.values()].flatMap(({ name, reads }) => {
    const known = provided.get(name) ?? new Set();
    if (known.has('$')) return [];
    return reads.flatMap(({ trail, loc }): Fault[] => {
      const first = String(trail[0] ?? '$');
      if (first === '$' || known.has(first)) return [];
      const msg = `nothing before ${name} provides ${first}`;
      return [{ loc, msg, type: 'unknown_name' }];
    });
  });
}

/** For each state, the top-level names that may exist when it is entered; `$` for anything. */
function provisions(
  startAt: string,
  inspections: ReadonlyMap<string, StateInspection>,
  inputs: string[],
): Map<string, Set<string>> {
  const provided = new Map([[startAt, new Set(inputs)]]);
  const open = [startAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const inspection = inspections.get(name);
    const after = new Set([...(provided.get(name) ?? []), ...(inspection?.writes ?? [])]);
    for (const target of inspection?.targets ?? []) {
      const known = provided.get(target.name);
      if (known !== undefined && [...after].every((written) => known.has(written))) continue;
      provided.set(target.name, new Set([...(known ?? []), ...after]));
      open.push(target.name);
    }
  }
  return provided;
}
