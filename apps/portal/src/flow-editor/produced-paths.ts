import type { FlowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type JsonTrail,
} from '@interpulse/domain/json.ts';

/** A JSONPath that leads to something, and where that comes from. */
export interface ProducedPath {
  path: string;
  from: string;
}

const contextNames = ['run_id', 'flow_id', 'username', 'email', 'user_id', 'deadline'];
/** Names that every action's result has. */
const statusNames = ['details', 'status', 'display_status', 'action_id'];
/** What some built-in actions give, below `details`. */
const detailNames: Record<string, string[]> = {
  'interpulse:compute': [
    'jobId',
    'siteName',
    'exitCode',
    'outputs',
    'outputs[0].location',
    'attempt',
  ],
  'interpulse:ingest': ['datasetId'],
};
const inputDepth = 4;

/** The paths that a state may read: the flow's input and what states before it have written. */
export function producedPaths(
  definition: unknown,
  graph: FlowGraph,
  stateName: string | null,
  inputSchema: JsonObject,
): ProducedPath[] {
  const own = graph.nodes.find((node) => node.name === stateName);
  const paths: ProducedPath[] = [];
  if (own === undefined || own.within === null) paths.push(...inputPaths(inputSchema, '$', 0));
  const before = stateName === null ? null : statesBefore(graph, stateName);
  for (const { name, at, type, flow, about } of graph.nodes) {
    if (before !== null && !before.has(name)) continue;
    if (own !== undefined && flow !== own.flow) continue;
    const state = valueAt(definition, at);
    if (!isJsonObject(state)) continue;
    paths.push(...pathsOfState(name, type, about, state));
  }
  if (
    own !== undefined &&
    graph.flows.some(({ id, label }) => id === own.flow && label === 'each item')
  ) {
    paths.push({ path: '$._context.Map.Item.Value', from: 'the item' });
    paths.push({ path: '$._context.Map.Item.Index', from: 'its number, from 0' });
  }
  paths.push(...contextNames.map((name) => ({ path: `$._context.${name}`, from: 'the flow run' })));
  const seen = new Set<string>();
  return paths.filter(({ path }) => !seen.has(path) && seen.add(path));
}

function inputPaths(schema: JsonObject, path: string, depth: number): ProducedPath[] {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).flatMap(([name, inner]) => {
    const here = { path: `${path}.${name}`, from: 'the input' };
    const deeper =
      isJsonObject(inner) && depth < inputDepth ? inputPaths(inner, here.path, depth + 1) : [];
    return [here, ...deeper];
  });
}

function pathsOfState(
  name: string,
  type: string,
  about: string | null,
  state: JsonObject,
): ProducedPath[] {
  const { ResultPath: path } = state;
  const caught = listOf(state['Catch']).flatMap(({ ResultPath: where }) =>
    typeof where === 'string' && where !== '$'
      ? [{ path: where, from: `an error of ${name}` }]
      : [],
  );
  if (typeof path !== 'string' || path === '$') return caught;
  const result = { path, from: name };
  const below = (names: string[]) => names.map((each) => ({ path: `${path}.${each}`, from: name }));
  if (type === 'Action') {
    const details = detailNames[about ?? ''] ?? [];
    return [
      result,
      ...below(statusNames),
      ...below(details.map((each) => `details.${each}`)),
      ...caught,
    ];
  }
  if (type === 'Parallel' && state['CompleteWhen'] === 'First') {
    return [result, ...below(['index', 'seconds', 'result', 'others']), ...caught];
  }
  const made = isJsonObject(state['Parameters']) ? state['Parameters'] : state['Result'];
  const names =
    isJsonObject(made) && type !== 'Map' && type !== 'Parallel' ? Object.keys(made) : [];
  const plain = names
    .filter((each) => each !== '__Private_Parameters')
    .map((each) => each.replace(/\.[$=]$/, ''));
  return [result, ...below(plain), ...caught];
}

/** Every state from which a way leads to this one. */
function statesBefore(graph: FlowGraph, name: string): Set<string> {
  const found = new Set<string>();
  const open = [name];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    for (const { from, to, kind } of graph.edges) {
      if (to !== here || kind === 'into' || found.has(from)) continue;
      found.add(from);
      open.push(from);
    }
  }
  return found;
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function valueAt(document: unknown, at: JsonTrail): unknown {
  let value = document;
  for (const step of at) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
