import type { FlowDefinition } from './definition.ts';
import { inspectFlows } from './inspect-flows.ts';

/** A definition as a drawing needs it. */
export interface FlowGraph {
  startAt: string;
  /** `within` is the Parallel or Map state that a state is inside of. */
  nodes: {
    name: string;
    type: string;
    comment: string | null;
    ends: boolean;
    within: string | null;
  }[];
  /**
   * `label` is `next`, `default`, `choice 1`, or `catch` with the names of errors; `branch 1` or
   * `each item` leads into a Parallel or Map state.
   */
  edges: { from: string; to: string; label: string }[];
}

/** The states of a definition and the ways between them. */
export function flowGraph(definition: FlowDefinition): FlowGraph {
  const flows = inspectFlows(definition);
  return {
    startAt: definition.StartAt,
    nodes: flows.flatMap(({ flow, states, within }) =>
      [...states].map(([name, { ends }]) => {
        const state = flow.States[name];
        const { Type: type = '', Comment: comment = null } = state ?? {};
        return { name, type, comment, ends, within: within?.name ?? null };
      }),
    ),
    edges: flows.flatMap(({ flow, states, within }) => [
      ...(within === null ? [] : [{ from: within.name, to: flow.StartAt, label: within.label }]),
      ...[...states].flatMap(([from, { targets }]) =>
        targets.map(({ name, label }) => ({ from, to: name, label })),
      ),
    ]),
  };
}
