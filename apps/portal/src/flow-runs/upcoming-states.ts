/** A state of a flow's definition, as far as the portal reads it. */
interface DefinedState {
  Type?: unknown;
  Next?: unknown;
}

/**
 * The states that will follow, as far as the definition fixes them: from `current` (not included;
 * null for the whole path from the start) along `Next`, up to a choice or the end.
 */
export function upcomingStates(definition: unknown, current: string | null): string[] {
  const { StartAt, States } = (definition ?? {}) as { StartAt?: unknown; States?: unknown };
  if (typeof StartAt !== 'string' || typeof States !== 'object' || States === null) return [];
  const states = States as Record<string, DefinedState | undefined>;
  const names: string[] = [];
  const seen = new Set<string>(current === null ? [] : [current]);
  let name: unknown = current === null ? StartAt : states[current]?.Next;
  while (typeof name === 'string' && states[name] !== undefined && !seen.has(name)) {
    seen.add(name);
    names.push(name);
    name = states[name]?.Next;
  }
  return names;
}

/** A state's name for people: `MoveToSite` and `move_to_site` read `Move to site`. */
export function readableName(stateName: string): string {
  const words = stateName
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .split(' ')
    .map((word, index) => (index > 0 && !/^[A-Z0-9]{2,}$/.test(word) ? word.toLowerCase() : word));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
