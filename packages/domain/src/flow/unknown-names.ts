import type { Fault } from '../error.ts';
import type { JsonTrail } from '../json.ts';
import type { ForeignKind } from './import/foreign-mapping.ts';
import type { InspectedFlow } from './inspect-flows.ts';
import { computedValue, outlineParameters, placeOfParameter } from './outline-parameters.ts';
import type { Outline } from './outline-parameters.ts';
import { providerOf } from './states/action-state.ts';
import type { ActionState } from './states/action-state.ts';

/** What there is, by name. */
export type KnownNames = Readonly<Record<ForeignKind, ReadonlySet<string>>>;

/** What a text names: something by its name, or a place in a collection. */
type Named = ForeignKind | 'location';

/** Where built-in actions are given names; `#` is any place in a list, `*` any name. */
const places: Readonly<Record<string, Readonly<Record<string, Named>>>> = {
  'interpulse:compute': {
    app: 'apps',
    'tasks.#.app': 'apps',
    site: 'sites',
    'site.#': 'sites',
    'tasks.#.site': 'sites',
    'tasks.#.site.#': 'sites',
    'inputs.*': 'location',
    'tasks.#.inputs.*': 'location',
    returnTo: 'location',
  },
  'interpulse:transfer': { 'items.#.source': 'location', 'items.#.destination': 'location' },
  'interpulse:ingest': { 'files.#': 'location', preview: 'location' },
  'interpulse:report': { figuresOf: 'location' },
  'interpulse:delete': { 'locations.#': 'location' },
  'interpulse:mkdir': { location: 'location' },
  'interpulse:list': { location: 'location' },
  'interpulse:stat': { location: 'location' },
  'interpulse:access': { location: 'location' },
  'interpulse:collection': { collection: 'collections' },
};

/**
 * Warns of apps, sites and collections that built-in actions name in constants and that are not
 * there: they may come before a flow run needs them.
 */
export function unknownNames(flows: readonly InspectedFlow[], known: KnownNames): Fault[] {
  return flows.flatMap(({ flow, at }) =>
    Object.entries(flow.States).flatMap(([name, state]) => {
      if (state.Type !== 'Action') return [];
      const here = [...at, 'States', name, 'Parameters'];
      return inAction(state, known).map((fault) => ({ ...fault, loc: [...here, ...fault.loc] }));
    }),
  );
}

function inAction(state: ActionState, known: KnownNames): Fault[] {
  const provider = providerOf(state);
  const own = Object.hasOwn(places, provider) ? places[provider] : undefined;
  const { Parameters: parameters } = state;
  if (own === undefined || parameters === undefined) return [];
  return [...textsIn(outlineParameters(parameters))].flatMap(({ text, trail }): Fault[] => {
    const named = Object.entries(own).find(([pattern]) => fits(trail, pattern.split('.')))?.[1];
    if (named === undefined || (named === 'sites' && text === 'any')) return [];
    const kind = named === 'location' ? 'collections' : named;
    const name = named === 'location' ? text.slice(0, text.indexOf(':')) : text;
    if (known[kind].has(name)) return [];
    const msg = `there is no ${kind.slice(0, -1)} "${name}" at this hub yet`;
    return [{ loc: placeOfParameter(parameters, trail), msg, type: 'unknown_name' }];
  });
}

function fits(trail: JsonTrail, pattern: readonly string[]): boolean {
  if (trail.length !== pattern.length) return false;
  return trail.every((step, index) => {
    const wanted = pattern[index];
    if (typeof step === 'number') return wanted === '#';
    return wanted === '*' || wanted === step;
  });
}

function* textsIn(
  value: Outline,
  trail: JsonTrail = [],
): Generator<{ text: string; trail: JsonTrail }> {
  if (typeof value === 'string') yield { text: value, trail };
  if (value === computedValue || typeof value !== 'object' || value === null) return;
  const members = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [step, inner] of members) yield* textsIn(inner, [...trail, step]);
}
