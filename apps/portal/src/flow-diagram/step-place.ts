/** A step's name taken apart: which state, inside which items of which states. */
export interface StepPlace {
  /** `Each[3]/Both[0]`; empty for the flow itself. */
  branch: string;
  state: string;
}

/**
 * Takes `Each[3]/Analyze` apart. Names of states may have slashes themselves, so that the known
 * ones decide; without them the last slash does.
 */
export function placeOfStep(stepName: string, isState: (name: string) => boolean): StepPlace {
  if (isState(stepName)) return { branch: '', state: stepName };
  for (let at = stepName.indexOf('/'); at >= 0; at = stepName.indexOf('/', at + 1)) {
    const state = stepName.slice(at + 1);
    if (isState(state)) return { branch: stepName.slice(0, at), state };
  }
  const last = stepName.lastIndexOf(']/');
  if (last < 0) return { branch: '', state: stepName };
  return { branch: stepName.slice(0, last + 1), state: stepName.slice(last + 2) };
}

/**
 * Which item or branch a step is in, for people: `Each, item 3; Both, branch 1`. Branches are
 * counted as the drawing counts them, items as expressions do.
 */
export function branchWords(branch: string, isParallel: (state: string) => boolean): string {
  return branchParts(branch)
    .map(({ state, index }) => {
      const piece = isParallel(state) ? `branch ${index + 1}` : `item ${index}`;
      return `${state}, ${piece}`;
    })
    .join('; ');
}

/** The Parallel states among what a flow run entered. */
export function parallelStates(
  steps: readonly { stateName: string; stateType: string }[],
  isState: (name: string) => boolean,
): ReadonlySet<string> {
  const found = steps.filter(({ stateType }) => stateType === 'Parallel');
  return new Set(found.map(({ stateName }) => placeOfStep(stateName, isState).state));
}

/** `Each[3]/Both[0]` as the steps of Each, item 3 and Both, item 0, outermost first. */
export function branchParts(branch: string): { state: string; index: number }[] {
  if (branch === '') return [];
  return [...branch.matchAll(/(.+?)\[(\d+)\](?:\/|$)/g)].map(([, state = '', index]) => ({
    state,
    index: Number(index),
  }));
}
