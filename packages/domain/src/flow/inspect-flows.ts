import type { JsonTrail } from '../json.ts';
import { StateInspection } from './state-inspection.ts';
import { kindOf } from './states/state-kinds.ts';
import type { FlowState } from './states/state-kinds.ts';
import { subFlowsOf } from './sub-flow.ts';
import type { SubFlow } from './sub-flow.ts';

/** A flow, or a small flow inside a state, and what its states say about themselves. */
export interface InspectedFlow {
  flow: SubFlow;
  /** Where it stands in the definition. */
  at: JsonTrail;
  states: Map<string, StateInspection>;
  /** The Parallel or Map state that it is inside of; null for the flow itself. */
  within: { name: string; state: FlowState; label: string } | null;
}

/** A definition and all small flows inside its states, the outermost first. */
export function inspectFlows(definition: SubFlow): InspectedFlow[] {
  const flows: InspectedFlow[] = [inspected(definition, [], null)];
  // A list also walks what is added to it on the way.
  for (const { flow, at } of flows) {
    for (const [name, state] of Object.entries(flow.States)) {
      for (const place of subFlowsOf(state)) {
        const here = [...at, 'States', name, ...place.at];
        flows.push(inspected(place.flow, here, { name, state, label: place.label }));
      }
    }
  }
  return flows;
}

function inspected(flow: SubFlow, at: JsonTrail, within: InspectedFlow['within']): InspectedFlow {
  const states = Object.entries(flow.States).map(([name, state]) => {
    const inspection = new StateInspection(name, at);
    const kind = kindOf(state);
    kind.inspect(state, inspection);
    if (!kind.globus) {
      const msg = `${state.Type} is an extension that Globus does not know`;
      inspection.warn(['Type'], 'extension', msg);
    }
    return [name, inspection] as const;
  });
  return { flow, at, states: new Map(states), within };
}
