import { z } from 'zod';
import type { Fault } from '../error.ts';
import { checkGraph } from './check-graph.ts';
import { checkReads } from './check-reads.ts';
import { flowLimits } from './flow-limits.ts';
import { isJsonObject, measureJson } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { schemaFaults } from './schema-faults.ts';
import { StateInspection } from './state-inspection.ts';
import { kindOf, stateKinds } from './states/state-kinds.ts';
import type { FlowState } from './states/state-kinds.ts';

/** A flow's definition, as parsed: every state is of a known kind, every name leads somewhere. */
export interface FlowDefinition {
  Comment?: string | undefined;
  StartAt: string;
  States: Record<string, FlowState>;
}

const [first, ...others] = Object.values(stateKinds).map((kind) => kind.schema);

/** One state of any kind. */
export const stateSchema: z.ZodType<FlowState> = z.discriminatedUnion('Type', [
  first as typeof stateKinds.Pass.schema & z.core.$ZodTypeDiscriminable,
  ...(others as (typeof stateKinds.Pass.schema & z.core.$ZodTypeDiscriminable)[]),
]);

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
 * flow's `inputSchema`, names that nothing provides are warned of. Never throws.
 */
export function parseDefinition(json: unknown, inputSchema?: JsonObject): ParsedDefinition {
  const { definitionBytes, definitionDepth, definitionStates } = flowLimits;
  const measure = measureJson(json, definitionBytes, definitionDepth);
  if (measure.sizeBytes > definitionBytes) return tooBig(`${definitionBytes} bytes`);
  if (measure.depth > definitionDepth) return tooBig(`${definitionDepth} levels`);
  const parsed = definitionSchema.safeParse(dropNullComments(json), { reportInput: true });
  if (!parsed.success) return { faults: withStateTypes(schemaFaults(parsed.error.issues), json) };
  const definition = parsed.data;
  if (Object.keys(definition.States).length > definitionStates) {
    return tooBig(`${definitionStates} states`);
  }
  const inspections = inspectStates(definition);
  const all = [...inspections.values()];
  const graph = checkGraph(definition, inspections);
  const faults = [...all.flatMap((inspection) => inspection.faults), ...graph.faults];
  if (faults.length > 0) return { faults };
  const warnings = [...all.flatMap((inspection) => inspection.warnings), ...graph.warnings];
  if (inputSchema !== undefined) {
    warnings.push(...checkReads(definition.StartAt, inspections, inputSchema));
  }
  return { definition, warnings };
}

/** What each state of a definition says about itself; see {@link StateInspection}. */
export function inspectStates(definition: FlowDefinition): Map<string, StateInspection> {
  return new Map(
    Object.entries(definition.States).map(([name, state]) => {
      const inspection = new StateInspection(name);
      const kind = kindOf(state);
      kind.inspect(state, inspection);
      if (!kind.globus) {
        const msg = `${state.Type} is an extension that Globus does not know`;
        inspection.warn(['Type'], 'extension', msg);
      }
      return [name, inspection];
    }),
  );
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
    isJsonObject(state) ? withoutNullComment(state) : state,
  ]);
  return { ...top, States: Object.fromEntries(states) as JsonObject };
}

function withoutNullComment(object: JsonObject): JsonObject {
  if (object['Comment'] !== null) return object;
  const { Comment: _, ...rest } = object;
  return rest;
}

/** Says which Types there are where a state has an unknown one. */
function withStateTypes(faults: Fault[], json: unknown): Fault[] {
  const states = isJsonObject(json) && isJsonObject(json['States']) ? json['States'] : {};
  return faults.map((fault) => {
    const [, name, field] = fault.loc;
    if (fault.loc.length !== 3 || field !== 'Type' || typeof name !== 'string') return fault;
    const state = Object.hasOwn(states, name) ? states[name] : undefined;
    const type = isJsonObject(state) ? JSON.stringify(state['Type'] ?? null) : 'nothing';
    const known = Object.keys(stateKinds).join(', ');
    return { ...fault, msg: `${type} is no type of state; there are ${known}`, type: 'state_type' };
  });
}
