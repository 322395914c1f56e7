import { Graph, layout } from '@dagrejs/dagre';
import type { FlowGraph, GraphEdge, GraphState } from '@interpulse/domain/flow/flow-graph.ts';

/** A point of the drawing, in pixels from its upper left. */
export interface Point {
  x: number;
  y: number;
}

/** A rectangle of the drawing. */
export interface Box extends Point {
  width: number;
  height: number;
}

/** A state in its place. A Parallel or Map state is a frame around what is inside. */
export interface PlacedState extends Box {
  state: GraphState;
  isFrame: boolean;
  /** How many frames it is inside of. */
  depth: number;
}

/** Where a flow, or a small flow inside a state, begins. */
export interface PlacedStart extends Point {
  flow: string;
  depth: number;
}

/** A way as a line; its label stands at `labelAt`. */
export interface PlacedEdge {
  edge: GraphEdge;
  points: Point[];
  labelAt: Point | null;
  depth: number;
}

/** A small flow's name, at the head of its part of the frame. */
export interface PlacedLabel extends Point {
  text: string;
  depth: number;
}

/** A drawing of a flow. */
export interface GraphLayout {
  width: number;
  height: number;
  states: PlacedState[];
  starts: PlacedStart[];
  edges: PlacedEdge[];
  labels: PlacedLabel[];
}

/** Sizes in pixels. */
const stateWidth = 208;
const startSize = 14;
const framePadding = 18;
const labelHeight = 22;
const gapBetweenBranches = 24;
const characterWidth = 6.3;
const longestLabelWidth = 250;

const nothing: Omit<GraphLayout, 'width' | 'height'> = {
  states: [],
  starts: [],
  edges: [],
  labels: [],
};

/** What an edge says beside its line. */
export function edgeText({ kind, words }: GraphEdge): string {
  return kind === 'catch' ? `on ${words}` : words;
}

/**
 * Places every state of a graph. Ways never cross the frame of a Parallel or Map state, so each
 * small flow is laid out by itself, and its state has then the size of what is inside.
 * @param stateHeight of a state without others inside; it depends on what a page shows in it
 */
export function layoutGraph(graph: FlowGraph, stateHeight: number): GraphLayout {
  return layoutFlow(graph, '', 0, stateHeight);
}

function layoutFlow(
  graph: FlowGraph,
  flow: string,
  depth: number,
  stateHeight: number,
): GraphLayout {
  const states = graph.nodes.filter((node) => node.flow === flow);
  const insides = new Map<string, GraphLayout>();
  for (const { name } of states) {
    const inside = graph.flows.filter((each) => each.within === name);
    if (inside.length > 0) insides.set(name, layoutFrame(graph, inside, depth + 1, stateHeight));
  }
  const dagre = new Graph({ multigraph: true });
  dagre.setGraph({
    rankdir: 'TB',
    nodesep: 36,
    ranksep: 34,
    edgesep: 20,
    ranker: 'network-simplex',
  });
  for (const { name } of states) {
    const inside = insides.get(name);
    const width = Math.max(stateWidth, inside?.width ?? 0);
    dagre.setNode(name, { width, height: stateHeight + (inside?.height ?? 0) });
  }
  const startAt = graph.flows.find((each) => each.id === flow)?.startAt ?? null;
  const startNode = '\u0000start';
  if (startAt !== null && dagre.hasNode(startAt)) {
    dagre.setNode(startNode, { width: startSize, height: startSize });
    dagre.setEdge(startNode, startAt, { width: 0, height: 0, weight: 4 }, 'start');
  }
  const names = new Set(states.map((state) => state.name));
  const edges = graph.edges.filter(
    ({ from, to, kind }) => kind !== 'into' && names.has(from) && names.has(to),
  );
  for (const [index, edge] of edges.entries()) {
    const text = edgeText(edge);
    const width = Math.min(longestLabelWidth, text.length * characterWidth + 12);
    const label = text === '' ? { width: 0, height: 0 } : { width, height: 20, labelpos: 'c' };
    const weight = edge.kind === 'catch' ? 1 : 3;
    dagre.setEdge(edge.from, edge.to, { ...label, weight }, String(index));
  }
  layout(dagre);
  return collect({ dagre, states, insides, edges, depth, stateHeight, startNode, flow });
}

interface LaidOut {
  dagre: Graph;
  states: GraphState[];
  insides: Map<string, GraphLayout>;
  edges: GraphEdge[];
  depth: number;
  stateHeight: number;
  startNode: string;
  flow: string;
}

type Placed = Box & { points?: Point[] };

function collect(laid: LaidOut): GraphLayout {
  const { dagre, states, insides, edges, depth, stateHeight, startNode, flow } = laid;
  const size = dagre.graph() as { width?: number; height?: number };
  const result: GraphLayout = {
    width: size.width ?? 0,
    height: size.height ?? 0,
    states: [],
    starts: [],
    edges: [],
    labels: [],
  };
  for (const state of states) {
    const { x, y, width, height } = dagre.node(state.name) as Placed;
    const box = { x: x - width / 2, y: y - height / 2, width, height };
    const inside = insides.get(state.name);
    result.states.push({ state, ...box, isFrame: inside !== undefined, depth });
    if (inside === undefined) continue;
    const left = box.x + (width - inside.width) / 2;
    append(result, shifted(inside, left, box.y + stateHeight));
  }
  if (dagre.hasNode(startNode)) {
    const { x, y } = dagre.node(startNode) as Placed;
    result.starts.push({ flow, x, y, depth });
  }
  for (const each of dagre.edges()) {
    const { points = [], x, y } = dagre.edge(each) as Placed;
    const edge = edges[Number(each.name)];
    if (edge === undefined) {
      const start = { from: '', to: each.w, label: '', kind: 'next' as const, words: '' };
      result.edges.push({ edge: start, points, labelAt: null, depth });
    } else {
      const labelAt = edgeText(edge) === '' ? null : { x, y };
      result.edges.push({ edge, points, labelAt, depth });
    }
  }
  return result;
}

/** What is inside one state: its small flows beside each other, each with its name above. */
function layoutFrame(
  graph: FlowGraph,
  flows: FlowGraph['flows'],
  depth: number,
  stateHeight: number,
): GraphLayout {
  const result: GraphLayout = { ...structuredClone(nothing), width: framePadding, height: 0 };
  for (const { id, label } of flows) {
    const inside = layoutFlow(graph, id, depth, stateHeight);
    result.labels.push({ text: label, x: result.width, y: 0, depth });
    append(result, shifted(inside, result.width, labelHeight));
    result.width += Math.max(inside.width, label.length * characterWidth) + gapBetweenBranches;
    result.height = Math.max(result.height, inside.height + labelHeight + framePadding);
  }
  result.width += framePadding - gapBetweenBranches;
  return result;
}

function append(to: GraphLayout, from: GraphLayout): void {
  to.states.push(...from.states);
  to.starts.push(...from.starts);
  to.edges.push(...from.edges);
  to.labels.push(...from.labels);
}

function shifted(from: GraphLayout, dx: number, dy: number): GraphLayout {
  const move = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy });
  return {
    ...from,
    states: from.states.map(move),
    starts: from.starts.map(move),
    labels: from.labels.map(move),
    edges: from.edges.map((each) => ({
      ...each,
      points: each.points.map(move),
      labelAt: each.labelAt && move(each.labelAt),
    })),
  };
}
