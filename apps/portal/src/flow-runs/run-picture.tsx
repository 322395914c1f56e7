import { useMemo } from 'react';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { FlowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import { FlowPicture } from '../flow-diagram/flow-picture.tsx';
import { stateProgress } from '../flow-diagram/state-progress.ts';

/** A flow run as the drawing of its flow: how every state stands, and how long it took. */
export function RunPicture(props: {
  graph: FlowGraph;
  flowRun: Schemas['FlowRun'];
  steps: Schemas['FlowStep'][];
  chosen: string | null;
  onChoose: (state: string) => void;
}) {
  const { graph, flowRun, steps, chosen, onChoose } = props;
  const { status, endedAt, reason } = flowRun;
  const progress = useMemo(
    () => stateProgress(graph, steps, { status, endedAt }, totalsIn(reason)),
    [graph, steps, status, endedAt, reason],
  );
  return (
    <FlowPicture
      graph={graph}
      progress={progress}
      chosen={chosen}
      centreOn={chosen ?? flowRun.stateName}
      onChoose={({ name }) => onChoose(name)}
    />
  );
}

/** A run's reason names how many items its Maps have: "Each: 3 of 10 branches are done". */
function totalsIn(reason: string | null): Map<string, number> {
  const found = (reason ?? '').matchAll(/(?:^|[.] )([^:]+?): \d+ of (\d+) branches are done/g);
  return new Map([...found].map(([, name = '', total]) => [name, Number(total)]));
}
