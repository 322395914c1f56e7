import { Button } from '@mantine/core';
import type { GraphState } from '@interpulse/domain/flow/flow-graph.ts';
import type { JsonObject, JsonTrail } from '@interpulse/domain/json.ts';
import { JsonView } from '../parts/json-view.tsx';

/** The state that was chosen in a diagram, as it is written. */
export function ChosenState(props: {
  definition: JsonObject;
  state: GraphState | undefined;
  onClose: () => void;
}) {
  const { state } = props;
  if (state === undefined || state.type === 'missing') return null;
  return (
    <section aria-label={`State ${state.name}`} style={{ marginTop: 16 }}>
      {state.comment !== null && <p>{state.comment}</p>}
      <JsonView title={state.name} value={valueAt(props.definition, state.at)} isOpen />
      <Button variant="subtle" size="compact-xs" onClick={props.onClose}>
        Close {state.name}
      </Button>
    </section>
  );
}

function valueAt(document: unknown, at: JsonTrail): unknown {
  let value = document;
  for (const step of at) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return value;
}
