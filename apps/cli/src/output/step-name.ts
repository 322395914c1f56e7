/** What naming a step needs of the steps of its flow run. */
interface NamedStep {
  stateName: string;
  stateType: string;
}

/**
 * A step's name for people: without the branches of `Parallel` states, whose states have names of
 * their own. An item of a `Map` stays: `Publish and return[1]/Return` is `Return`, but
 * `Scans[3]/Analyse` says which one.
 */
export function stepName(path: string, steps: readonly NamedStep[]): string {
  const parallel = new Set(
    steps.filter((step) => step.stateType === 'Parallel').map((step) => step.stateName),
  );
  const shown: string[] = [];
  let start = 0;
  for (const { index, 0: branch } of path.matchAll(/\[\d+\]\//g)) {
    const end = index + branch.length;
    if (!parallel.has(path.slice(0, index))) shown.push(path.slice(start, end));
    start = end;
  }
  return [...shown, path.slice(start)].join('');
}
