import { useEffect, useMemo } from 'react';
import {
  Controls,
  MarkerType,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Edge,
  type Node,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useElementSize } from '@mantine/hooks';
import { useComputedColorScheme } from '@mantine/core';
import type { GraphState } from '@interpulse/domain/flow/flow-graph.ts';
import type { FlowPictureProps } from './flow-picture.tsx';
import { layoutGraph, type GraphLayout } from './layout-graph.ts';
import { LabelNode, StartNode } from './small-nodes.tsx';
import { StateNode, type StateNodeData } from './state-node.tsx';
import { stateSentence } from './state-words.ts';
import { WayEdge, type WayEdgeData } from './way-edge.tsx';
import classes from './flow-diagram.module.css';

/** Heights of a state's box in pixels: without and with a line about the run. */
const plainHeight = 50;
const progressHeight = 70;
/** Below this zoom names cannot be read. */
const leastReadableZoom = 0.62;
const marginPixels = 24;
/** A drawing that fills more of a screen leaves no room for what belongs to it. */
const highestPixels = 760;
/** A drawing with more states than this has a small map of itself. */
const statesWithoutMap = 14;

const nodeTypes = { state: StateNode, start: StartNode, label: LabelNode };
const edgeTypes = { way: WayEdge };

/** The drawing of a flow; the lazy part of {@link FlowPicture}. */
export default function FlowDiagram(props: FlowPictureProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing(props: FlowPictureProps) {
  const { graph, progress, chosen, faults, onChoose, heightPixels } = props;
  const scheme = useComputedColorScheme('light');
  const { ref, width } = useElementSize();
  const height = progress === undefined ? plainHeight : progressHeight;
  const drawn = useMemo(() => layoutGraph(graph, height), [graph, height]);
  const nodes = useMemo(
    () => [
      ...stateNodes(drawn, (state) => ({
        progress: progress?.get(state.name) ?? null,
        faults: faults?.get(state.name) ?? 0,
        isChosen: chosen === state.name,
        words: stateSentence(state, graph),
        onChoose: onChoose ?? (() => undefined),
      })),
      ...smallNodes(drawn),
    ],
    [drawn, graph, progress, faults, chosen, onChoose],
  );
  const edges = useMemo(() => wayEdges(drawn, progress), [drawn, progress]);
  const highest = heightPixels ?? highestPixels;
  const fitting = Math.min(
    (width - 2 * marginPixels) / Math.max(drawn.width, 1),
    (highest - 2 * marginPixels) / Math.max(drawn.height, 1),
  );
  const zoom = Math.min(1, Math.max(leastReadableZoom, fitting));
  const wanted = drawn.height * zoom + 2 * marginPixels;
  const shownHeight = heightPixels ?? Math.min(Math.max(wanted, 160), highestPixels);
  return (
    <div ref={ref} className={classes.frame} style={{ height: shownHeight }}>
      {width > 0 && (
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={scheme}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          zoomOnScroll={false}
          preventScrolling={false}
          zoomActivationKeyCode="Control"
          minZoom={0.15}
          maxZoom={1.6}
          proOptions={{ hideAttribution: false }}
        >
          <Controls showInteractive={false} position="bottom-left" />
          {graph.nodes.length > statesWithoutMap && (
            <MiniMap pannable ariaLabel="Small map of the flow" nodeStrokeWidth={2} />
          )}
          <View {...{ drawn, zoom, width }} height={shownHeight} wanted={props.centreOn ?? null} />
        </ReactFlow>
      )}
    </div>
  );
}

/**
 * Keeps the view at the top, or where the state is that a page wants to be seen; never further than
 * the edge of the drawing.
 */
function View(props: {
  drawn: GraphLayout;
  zoom: number;
  width: number;
  height: number;
  wanted: string | null;
}) {
  const { drawn, zoom, width, height, wanted } = props;
  const { setViewport } = useReactFlow();
  const place = drawn.states.find(({ state }) => state.name === wanted);
  const middleX = place === undefined ? drawn.width / 2 : place.x + place.width / 2;
  const middleY = place === undefined ? 0 : place.y + Math.min(place.height, 200) / 2;
  const x = offset(width, drawn.width * zoom, middleX * zoom);
  const y = offset(height, drawn.height * zoom, middleY * zoom);
  useEffect(() => {
    void setViewport({ x, y, zoom });
  }, [x, y, zoom, setViewport]);
  return null;
}

/** Where a drawing begins in a view: in its middle when it fits, else so that a point is seen. */
function offset(view: number, drawing: number, point: number): number {
  if (drawing + 2 * marginPixels <= view) return (view - drawing) / 2;
  const least = view - drawing - marginPixels;
  return Math.min(marginPixels, Math.max(least, view / 2 - point));
}

type Facts = Omit<StateNodeData, 'state' | 'isFrame'>;

function stateNodes(drawn: GraphLayout, factsOf: (state: GraphState) => Facts): Node[] {
  return drawn.states.map(({ state, isFrame, depth, x, y, width, height }) => ({
    id: state.name,
    type: 'state',
    position: { x, y },
    width,
    height,
    zIndex: depth * 2,
    data: { state, isFrame, ...factsOf(state) } satisfies StateNodeData,
  }));
}

function smallNodes(drawn: GraphLayout): Node[] {
  const starts = drawn.starts.map(({ flow, x, y, depth }) => ({
    id: startId(flow),
    type: 'start',
    position: { x: x - 7, y: y - 7 },
    width: 14,
    height: 14,
    zIndex: depth * 2,
    data: {},
  }));
  const labels = drawn.labels.map(({ text, x, y, depth }, index) => ({
    id: `\u0000label ${index}`,
    type: 'label',
    position: { x, y },
    zIndex: depth * 2,
    data: { text },
  }));
  return [...starts, ...labels];
}

const startId = (flow: string) => `\u0000start ${flow}`;

function wayEdges(drawn: GraphLayout, progress: FlowPictureProps['progress']): Edge[] {
  const flowOf = new Map(drawn.states.map(({ state }) => [state.name, state.flow]));
  const wasEntered = (name: string) => (progress?.get(name)?.visits ?? 0) > 0;
  return drawn.edges.map(({ edge, points, labelAt, depth }, index) => {
    const source = edge.from === '' ? startId(flowOf.get(edge.to) ?? '') : edge.from;
    const isTaken = wasEntered(edge.to) && (edge.from === '' || wasEntered(edge.from));
    const colour = edge.kind === 'catch' ? 'var(--ip-bad)' : 'var(--ip-dim)';
    return {
      id: `way ${index}`,
      type: 'way',
      source,
      target: edge.to,
      zIndex: depth * 2 + 1,
      markerEnd: { type: MarkerType.ArrowClosed, color: colour, width: 16, height: 16 },
      data: { edge, points, labelAt, isTaken } satisfies WayEdgeData,
    };
  });
}
