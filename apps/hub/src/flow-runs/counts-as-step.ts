import type { FlowDefinition } from '@interpulse/domain/flow/definition.ts';

/** Types of states that do something. */
const countedTypes: ReadonlySet<string> = new Set(['Action', 'AwaitWebInput', 'Map', 'Parallel']);

/**
 * Whether people count a state as a step of the flow: one of the flow itself that does something.
 * What is inside a Parallel or Map state counts as that state.
 */
export function countsAsStep({ States: states }: FlowDefinition, stateName: string): boolean {
  const state = Object.hasOwn(states, stateName) ? states[stateName] : undefined;
  return state !== undefined && countedTypes.has(state.Type);
}
