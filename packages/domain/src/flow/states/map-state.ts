import { z } from 'zod';
import { catcherSchema, inspectCatching, retrierSchema } from '../catching.ts';
import type { Catcher, Retrier } from '../catching.ts';
import { flowLimits } from '../flow-limits.ts';
import { readShown } from '../flow-scope.ts';
import type { FlowScope, Shown } from '../flow-scope.ts';
import { readJsonPath } from '../json-path.ts';
import { isJsonObject } from '../../json.ts';
import type { Json, JsonObject } from '../../json.ts';
import { evaluateParameters, inspectParameters } from '../parameters.ts';
import { errorNames, StateError } from '../state-error.ts';
import { neverWaits } from '../state-kind.ts';
import type { StateKind, StateVisit } from '../state-kind.ts';
import type { SubFlow } from '../sub-flow.ts';
import { objectSchema, transitionShape } from './state-fields.ts';

/** A state of type Map, as parsed. */
export interface MapState {
  Type: 'Map';
  Comment?: string | undefined;
  Next?: string | undefined;
  End?: boolean | undefined;
  ItemsPath: string;
  ItemProcessor?: SubFlow | undefined;
  /** The older name of ItemProcessor. */
  Iterator?: SubFlow | undefined;
  ItemSelector?: JsonObject | undefined;
  MaxConcurrency?: number | undefined;
  ResultPath: string;
  Catch?: Catcher[] | undefined;
  Retry?: Retrier[] | undefined;
}

/**
 * Runs a small flow for each item of a list, each on a state document of its own; the result is
 * the list of their documents, in the order of the items. Of the Amazon States Language.
 */
export function mapState(subFlow: z.ZodType<SubFlow>): StateKind<MapState> {
  return {
    schema: z.strictObject({
      Type: z.literal('Map'),
      ...transitionShape,
      ItemsPath: z.string('say where the list of items is, such as "$.files"'),
      ItemProcessor: subFlow.optional(),
      Iterator: subFlow.optional(),
      ItemSelector: objectSchema.optional(),
      MaxConcurrency: z.number().int().min(0).max(flowLimits.openBranches).optional(),
      ResultPath: z.string('say where the list of results goes, such as "$.results"'),
      Catch: z.array(catcherSchema).optional(),
      Retry: z.array(retrierSchema).optional(),
    }),
    blocks: true,
    globus: false,
    inspect(state, inspection) {
      inspection.transition(state);
      inspection.oneOf(state, ['ItemProcessor', 'Iterator'], true);
      inspection.readPath(['ItemsPath'], state.ItemsPath);
      inspectParameters(state.ItemSelector ?? {}, ['ItemSelector'], inspection);
      inspection.writeListPath(['ResultPath'], state.ResultPath);
      inspectCatching(state, inspection);
    },
    enter(state, { scope }) {
      const { length: total } = itemsOf(state, scope);
      if (total > flowLimits.mapItems) {
        const msg = `${state.ItemsPath} has ${total} items; a Map takes ${flowLimits.mapItems}`;
        throw new StateError(errorNames.limit, msg);
      }
      const mostAtOnce = state.MaxConcurrency || flowLimits.defaultMapConcurrency;
      return { kind: 'fanOut', total, mostAtOnce, isRace: false, input: null };
    },
    receive: neverWaits,
  };
}

/**
 * The state document that the flow of one item begins with: the item, or what ItemSelector makes,
 * with `$._context.Map.Item.Value` and `.Index` in scope. Throws a `StateError`.
 */
export function itemInput(state: MapState, { scope }: StateVisit, index: number): Shown {
  const value = itemsOf(state, scope)[index] ?? null;
  const { privatePaths } = readShown(scope, `${state.ItemsPath}[${index}]`, errorNames.map);
  if (state.ItemSelector !== undefined) {
    const above = isJsonObject(scope.document['_context']) ? scope.document['_context'] : {};
    const context = { ...above, Map: { Item: { Index: index, Value: value } } };
    const hidden = privatePaths.map((path) => ['_context', 'Map', 'Item', 'Value', ...path]);
    return evaluateParameters(state.ItemSelector, {
      document: { ...scope.document, _context: context },
      privatePaths: [...scope.privatePaths, ...hidden],
    });
  }
  if (isJsonObject(value)) return { value, privatePaths };
  const msg =
    `${state.ItemsPath}[${index}] is no object, and the state of a branch is one; ` +
    'make one with "ItemSelector": {"item.$": "$._context.Map.Item.Value"}';
  throw new StateError(errorNames.map, msg);
}

function itemsOf(state: MapState, scope: FlowScope): Json[] {
  const items = readJsonPath(scope.document, state.ItemsPath, errorNames.map);
  if (Array.isArray(items)) return items;
  throw new StateError(errorNames.map, `${state.ItemsPath} is no list`);
}
