import type { JsonTrail } from '../json.ts';
import type { FlowState } from './states/state-kinds.ts';

/** The small flow of a branch of a Parallel state, or of the items of a Map state. */
export interface SubFlow {
  Comment?: string | undefined;
  StartAt: string;
  States: Record<string, FlowState>;
}

/** A small flow inside a state, and where it stands there. */
export interface SubFlowPlace {
  at: JsonTrail;
  flow: SubFlow;
  /** `branch 1`, or `each item`. */
  label: string;
}

/** The small flows inside a state; most states have none. */
export function subFlowsOf(state: FlowState): SubFlowPlace[] {
  if (state.Type === 'Parallel') {
    return state.Branches.map((flow, index) => {
      return { at: ['Branches', index], flow, label: `branch ${index + 1}` };
    });
  }
  if (state.Type !== 'Map') return [];
  const flow = state.ItemProcessor ?? state.Iterator;
  const at = [state.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor'];
  return flow === undefined ? [] : [{ at, flow, label: 'each item' }];
}

const known = new WeakMap<object, Map<string, FlowState>>();

/** All states of a definition by name, those inside Parallel and Map states among them. */
export function allStates(flow: SubFlow): Map<string, FlowState> {
  const found = known.get(flow);
  if (found !== undefined) return found;
  const states = new Map<string, FlowState>();
  const open: SubFlow[] = [flow];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [name, state] of Object.entries(next.States)) {
      states.set(name, state);
      open.push(...subFlowsOf(state).map((place) => place.flow));
    }
  }
  known.set(flow, states);
  return states;
}
