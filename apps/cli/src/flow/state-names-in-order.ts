type State = Record<string, unknown>;

/** The states of a definition as they are come to from its start, each once; then the others. */
export function stateNamesInOrder(definition: Readonly<Record<string, unknown>>): string[] {
  const states = (definition['States'] ?? {}) as Record<string, State>;
  const names = new Set<string>();
  const come = (name: unknown): void => {
    const state = typeof name === 'string' ? states[name] : undefined;
    if (state === undefined || names.has(String(name))) return;
    names.add(String(name));
    for (const next of nextOf(state)) come(next);
  };
  come(definition['StartAt']);
  for (const name of Object.keys(states)) names.add(name);
  return [...names];
}

function nextOf(state: State): unknown[] {
  const rules = [state['Choices'], state['Catch']].flatMap((list) =>
    Array.isArray(list) ? (list as State[]) : [],
  );
  const ahead = [state['Next'], state['Default'], ...rules.map((rule) => rule['Next'])];
  return Array.isArray(state['Choices']) ? [...rules.map((r) => r['Next']), ...ahead] : ahead;
}
