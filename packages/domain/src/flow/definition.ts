import { z } from 'zod';
import type { Fault } from '../error.ts';
import { checkActionInputs } from './check-action-inputs.ts';
import { checkGraph } from './check-graph.ts';
import { checkReads } from './check-reads.ts';
import { flowLimits } from './flow-limits.ts';
import { isJsonObject, measureJson } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { followTrail } from './json-path.ts';
import { schemaFaults } from './schema-faults.ts';
import { inspectFlows } from './inspect-flows.ts';
import type { InspectedFlow } from './inspect-flows.ts';
import { stateKinds, stateSchema } from './states/state-kinds.ts';
import type { FlowState } from './states/state-kinds.ts';

/** A flow's definition, as parsed: every state is of a known kind, every name leads somewhere. */
export interface FlowDefinition {
  Comment?: string | undefined;
  StartAt: string;
  States: Record<string, FlowState>;
}

/** The closed schema of the language; {@link parseDefinition} checks what it cannot say. */
export const definitionSchema: z.ZodType<FlowDefinition> = z.strictObject({
  Comment: z.string().optional(),
  StartAt: z.string().min(1),
  States: z.record(z.string().min(1), stateSchema),
});

/** What became of a definition. Warnings do not stand in the way of saving it. */
export type ParsedDefinition =
  { definition: FlowDefinition; warnings: Fault[] } | { faults: Fault[] };

/**
 * Checks a definition in the Globus Flows language (with our extensions): schema, names of states,
 * transitions, paths, expressions, reachability; all faults at once, each with its place. With the
 * flow's `inputSchema` it is checked as one that is to be saved: also what built-in actions are
 * given, and names that nothing provides are warned of. Never throws.
 */
export function parseDefinition(json: unknown, inputSchema?: JsonObject): ParsedDefinition {
  const { definitionBytes, definitionDepth, definitionStates } = flowLimits;
  const measure = measureJson(json, definitionBytes, definitionDepth);
  if (measure.sizeBytes > definitionBytes) return tooBig(`${definitionBytes} bytes`);
  if (measure.depth > definitionDepth) return tooBig(`${definitionDepth} levels`);
  const parsed = definitionSchema.safeParse(dropNullComments(json), { reportInput: true });
  if (!parsed.success) return { faults: withStateTypes(schemaFaults(parsed.error.issues), json) };
  const definition = parsed.data;
  const flows = inspectFlows(definition);
  const all = flows.flatMap(({ states }) => [...states.values()]);
  if (all.length > definitionStates) return tooBig(`${definitionStates} states`);
  const graphs = flows.map(checkGraph);
  const faults = [
    ...all.flatMap((inspection) => inspection.faults),
    ...doubledNames(flows),
    ...graphs.flatMap((graph) => graph.faults),
    // What is stored runs as it is: a state that cannot work may be one that no flow run comes to.
    ...(inputSchema === undefined ? [] : flows.flatMap(checkActionInputs)),
  ];
  if (faults.length > 0) return { faults };
  const warnings = [
    ...all.flatMap((inspection) => inspection.warnings),
    ...graphs.flatMap((graph) => graph.warnings),
  ];
  if (inputSchema !== undefined) warnings.push(...checkReads(flows, inputSchema));
  return { definition, warnings };
}

/** As in the Amazon States Language a name stands for one state, also across small flows. */
function doubledNames(flows: readonly InspectedFlow[]): Fault[] {
  const seen = new Set<string>();
  const faults: Fault[] = [];
  for (const { states, at } of flows) {
    for (const name of states.keys()) {
      const msg = `there is another state ${name}; names are unique in the whole definition`;
      if (seen.has(name)) faults.push({ loc: [...at, 'States', name], msg, type: 'doubled_state' });
      seen.add(name);
    }
  }
  return faults;
}

function tooBig(limit: string): ParsedDefinition {
  return { faults: [{ loc: [], msg: `a definition has at most ${limit}`, type: 'too_big' }] };
}

/** Some generators write `"Comment": null`; it means no comment. */
function dropNullComments(json: unknown): unknown {
  if (!isJsonObject(json)) return json;
  const top = withoutNullComment(json);
  if (!isJsonObject(top['States'])) return top;
  const states = Object.entries(top['States']).map(([name, state]) => [
    name,
    isJsonObject(state) ? insideToo(withoutNullComment(state)) : state,
  ]);
  return { ...top, States: Object.fromEntries(states) as JsonObject };
}

function insideToo(state: JsonObject): unknown {
  const inside: Record<string, unknown> = { ...state };
  for (const name of ['ItemProcessor', 'Iterator']) {
    if (name in inside) inside[name] = dropNullComments(inside[name]);
  }
  if (Array.isArray(state['Branches']))
    inside['Branches'] = state['Branches'].map(dropNullComments);
  return inside;
}

function withoutNullComment(object: JsonObject): JsonObject {
  if (object['Comment'] !== null) return object;
  const { Comment: _, ...rest } = object;
  return rest;
}

/** Says which Types there are where a state has an unknown one. */
function withStateTypes(faults: Fault[], json: unknown): Fault[] {
  return faults.map((fault) => {
    const { loc } = fault;
    if (loc.at(-1) !== 'Type' || loc.at(-3) !== 'States') return fault;
    const type = followTrail(json as Json, loc);
    const known = Object.keys(stateKinds).join(', ');
    const msg = type.found
      ? `${JSON.stringify(type.value)} is no type of state; there are ${known}`
      : `a state needs a Type: one of ${known}`;
    return { ...fault, msg, type: 'state_type' };
  });
}
