import { useMemo } from 'react';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { FlowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import { FlowPicture } from '../flow-diagram/flow-picture.tsx';
import { stateProgress, type StepSums } from '../flow-diagram/state-progress.ts';

/** A flow run as the drawing of its flow: how every state stands, and how long it took. */
export function RunPicture(props: {
  graph: FlowGraph;
  flowRun: Schemas['FlowRun'];
  sums: StepSums;
  chosen: string | null;
  onChoose: (state: string) => void;
}) {
  const { graph, flowRun, sums, chosen, onChoose } = props;
  const { status, endedAt } = flowRun;
  const progress = useMemo(
    () => stateProgress(graph, sums, { status, endedAt }),
    [graph, sums, status, endedAt],
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
