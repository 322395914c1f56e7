import { isJsonObject } from '../json.ts';
import type { Json, JsonObject, JsonTrail } from '../json.ts';
import { describeRule } from './describe-rule.ts';

/** A state as a drawing needs it. */
export interface GraphState {
  name: string;
  /** As written, or `missing` for a name that a transition leads to and no state has. */
  type: string;
  comment: string | null;
  ends: boolean;
  /** The Parallel or Map state that it is inside of. */
  within: string | null;
  /** The {@link GraphFlow} that it belongs to. */
  flow: string;
  /** Where it stands in the definition. */
  at: JsonTrail;
  /** What it does in few words: the address of an action, `first` for a race; null for nothing. */
  about: string | null;
  /** The times that a step is tried again, in words; null without Retry. */
  retry: string | null;
}

/** The flow itself (`id` is empty), or a small flow inside a Parallel or Map state. */
export interface GraphFlow {
  id: string;
  within: string | null;
  /** `branch 1` or `each item`; empty for the flow itself. */
  label: string;
  startAt: string | null;
}

/** How a way is taken; `into` leads into a Parallel or Map state. */
export type GraphEdgeKind = 'next' | 'choice' | 'default' | 'catch' | 'into';

/** A way from one state to another. */
export interface GraphEdge {
  from: string;
  to: string;
  /** `next`, `default`, `choice 1`, `catch` with the names of errors, `branch 1`, `each item`. */
  label: string;
  kind: GraphEdgeKind;
  /** The rule of a Choice or the errors of a Catch, for people; else empty. */
  words: string;
}

/** A definition as a drawing needs it. */
export interface FlowGraph {
  startAt: string;
  flows: GraphFlow[];
  nodes: GraphState[];
  edges: GraphEdge[];
}

interface OpenFlow {
  flow: JsonObject;
  place: GraphFlow;
  at: JsonTrail;
}

/**
 * The states of a definition and the ways between them. Takes any JSON, also one that is being
 * typed: what is no state is left out, and a name that leads nowhere is a state of type `missing`.
 */
export function flowGraph(definition: unknown): FlowGraph {
  const top = isJsonObject(definition) ? definition : {};
  const startAt = textOf(top['StartAt']) ?? '';
  const graph: FlowGraph = { startAt, flows: [], nodes: [], edges: [] };
  const names = new Set<string>();
  const first = { id: '', within: null, label: '', startAt: textOf(top['StartAt']) };
  const open: OpenFlow[] = [{ flow: top, place: first, at: [] }];
  // A list also walks what is added to it on the way.
  for (const each of open) open.push(...addFlow(each, graph, names));
  return graph;
}

function addFlow({ flow, place, at }: OpenFlow, graph: FlowGraph, names: Set<string>): OpenFlow[] {
  const { within, label, startAt } = place;
  graph.flows.push(place);
  if (within !== null && startAt !== null) {
    graph.edges.push({ from: within, to: startAt, label, kind: 'into', words: '' });
  }
  const states = isJsonObject(flow['States']) ? flow['States'] : {};
  const inside: OpenFlow[] = [];
  const missing = new Set(startAt === null ? [] : [startAt]);
  for (const [name, state] of Object.entries(states)) {
    // A name stands for one state in the whole definition; the checks say so.
    if (!isJsonObject(state) || names.has(name)) continue;
    names.add(name);
    const here = [...at, 'States', name];
    const type = textOf(state['Type']) ?? '';
    graph.nodes.push({ ...blank(name, place, here), ...factsOf(type, state) });
    const edges = edgesOf(name, state);
    graph.edges.push(...edges);
    for (const { to } of edges) missing.add(to);
    inside.push(...flowsInside(name, state, here));
  }
  for (const name of missing) {
    if (Object.hasOwn(states, name) || names.has(name)) continue;
    names.add(name);
    graph.nodes.push({ ...blank(name, place, at), type: 'missing' });
  }
  return inside;
}

function blank(name: string, place: GraphFlow, at: JsonTrail): GraphState {
  const { within, id: flow } = place;
  const nothing = { comment: null, ends: false, about: null, retry: null };
  return { name, type: '', within, flow, at, ...nothing };
}

function factsOf(type: string, state: JsonObject) {
  const comment = textOf(state['Comment']);
  const ends = state['End'] === true || type === 'Fail' || type === 'Succeed';
  return { type, comment, ends, about: aboutState(type, state), retry: retryOf(state['Retry']) };
}

function aboutState(type: string, state: JsonObject): string | null {
  switch (type) {
    case 'Action': {
      const handler = isJsonObject(state['Handler']) ? state['Handler'] : {};
      return textOf(state['ActionUrl']) ?? textOf(handler['Url']) ?? textOf(handler['Id']);
    }
    case 'Wait':
      return typeof state['Seconds'] === 'number'
        ? `${state['Seconds']} s`
        : (textOf(state['SecondsPath']) ??
            textOf(state['Timestamp']) ??
            textOf(state['TimestampPath']));
    case 'Map':
      return textOf(state['ItemsPath']);
    case 'Parallel':
      return state['CompleteWhen'] === 'First' ? 'first' : null;
    case 'Fail':
      return textOf(state['Error']) ?? textOf(state['ErrorPath']);
    default:
      return null;
  }
}

function retryOf(rules: Json | undefined): string | null {
  if (!Array.isArray(rules)) return null;
  const attempts = rules.filter(isJsonObject).map(({ MaxAttempts: most }) => Number(most ?? 3));
  const most = Math.max(0, ...attempts);
  return most === 0 ? null : `tried again up to ${most} ${most === 1 ? 'time' : 'times'}`;
}

function edgesOf(from: string, state: JsonObject): GraphEdge[] {
  const edges: GraphEdge[] = [];
  const add = (to: Json | undefined, kind: GraphEdgeKind, label: string, words: string): void => {
    if (typeof to === 'string' && to !== '') edges.push({ from, to, label, kind, words });
  };
  for (const [index, rule] of listOf(state['Choices']).entries()) {
    add(rule['Next'], 'choice', `choice ${index + 1}`, describeRule(rule));
  }
  add(state['Default'], 'default', 'default', 'otherwise');
  add(state['Next'], 'next', 'next', '');
  for (const catcher of listOf(state['Catch'])) {
    const given = Array.isArray(catcher['ErrorEquals']) ? catcher['ErrorEquals'] : [];
    const names = given.filter((name) => typeof name === 'string').join(', ');
    add(catcher['Next'], 'catch', `catch ${names}`, names === 'States.ALL' ? 'any error' : names);
  }
  return edges;
}

function flowsInside(name: string, state: JsonObject, at: JsonTrail): OpenFlow[] {
  const make = (flow: JsonObject, label: string, ...inner: JsonTrail): OpenFlow => {
    const place = { id: `${name}/${label}`, within: name, label, startAt: textOf(flow['StartAt']) };
    return { flow, place, at: [...at, ...inner] };
  };
  if (state['Type'] === 'Parallel') {
    const branches = Array.isArray(state['Branches']) ? state['Branches'] : [];
    return branches.flatMap((flow, index) =>
      isJsonObject(flow) ? [make(flow, `branch ${index + 1}`, 'Branches', index)] : [],
    );
  }
  if (state['Type'] !== 'Map') return [];
  const key = isJsonObject(state['ItemProcessor']) ? 'ItemProcessor' : 'Iterator';
  const flow = state[key];
  return isJsonObject(flow) ? [make(flow, 'each item', key)] : [];
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
