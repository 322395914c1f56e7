import { inspectStates } from './definition.ts';
import type { FlowDefinition } from './definition.ts';

/** A definition as a drawing needs it. */
export interface FlowGraph {
  startAt: string;
  nodes: { name: string; type: string; comment: string | null; ends: boolean }[];
  /** `label` is `next`, `default`, `choice 1`, or `catch` with the names of errors. */
  edges: { from: string; to: string; label: string }[];
}

/** The states of a definition and the ways between them. */
export function flowGraph(definition: FlowDefinition): FlowGraph {
  const inspections = [...inspectStates(definition)];
  return {
    startAt: definition.StartAt,
    nodes: inspections.map(([name, { ends }]) => {
      const state = definition.States[name];
      return { name, type: state?.Type ?? '', comment: state?.Comment ?? null, ends };
    }),
    edges: inspections.flatMap(([from, { targets }]) =>
      targets.map(({ name, label }) => ({ from, to: name, label })),
    ),
  };
}
