import type { FlowGraph, GraphState } from '@interpulse/domain/flow/flow-graph.ts';

const types: Record<string, string> = {
  AwaitWebInput: 'waits for an answer',
  Choice: 'chooses',
  CreateWebInput: 'asks people',
  ExpressionEval: 'calculates',
  Fail: 'fails',
  Pass: 'passes on',
  Succeed: 'succeeds',
};

/** What a state does, in a few words for its box. */
export function stateWords({ type, about }: GraphState): string {
  switch (type) {
    case 'Action':
      return (about ?? 'an action').replace(/^(interpulse:|https:\/\/)/, '');
    case 'Wait':
      return about === null ? 'waits' : `waits ${about}`;
    case 'Parallel':
      return about === 'first' ? 'race: the first decides' : 'side by side';
    case 'Map':
      return about === null ? 'for each item' : `for each of ${about}`;
    case 'Fail':
      return about === null ? 'fails' : `fails: ${about}`;
    default:
      return types[type] ?? (type || 'no Type yet');
  }
}

/** A state with the ways that lead on from it, for those who do not see the drawing. */
export function stateSentence(state: GraphState, graph: FlowGraph): string {
  const ways = graph.edges
    .filter(({ from, kind }) => from === state.name && kind !== 'into')
    .map(({ to, kind, words }) => {
      switch (kind) {
        case 'next':
          return `then ${to}`;
        case 'default':
          return `otherwise ${to}`;
        case 'catch':
          return `on ${words} ${to}`;
        default:
          return `if ${words} then ${to}`;
      }
    });
  const ends = state.ends ? ['the flow ends here'] : [];
  return [`${state.name}, ${state.type}, ${stateWords(state)}`, ...ways, ...ends].join('; ');
}
