import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { placeOfStep } from '../flow-diagram/step-place.ts';

type Step = Schemas['FlowStep'];

/**
 * The step that a page shows before anybody chose: the newest under way, or, of a flow run that
 * failed, where it began: the Map that failed because an item did leads to the step in the item.
 */
export function stepToShow(
  steps: readonly Step[],
  isState: (name: string) => boolean,
  status: Schemas['FlowRun']['status'],
): Step | undefined {
  if (status !== 'FAILED') return steps.findLast((step) => step.status === 'active');
  const failed = steps.filter((step) => step.status === 'failed');
  const branchOf = ({ stateName }: Step) => placeOfStep(stateName, isState).branch;
  let found = failed.findLast((step) => branchOf(step) === '');
  for (let inside = found; inside !== undefined;) {
    found = inside;
    const around = `${inside.stateName}[`;
    inside = failed
      .filter((step) => {
        const branch = branchOf(step);
        return branch.startsWith(around) && /^\d+\]$/.test(branch.slice(around.length));
      })
      .toSorted((one, other) => endOf(one).localeCompare(endOf(other)))[0];
  }
  return found;
}

const endOf = (step: Step): string => step.endedAt ?? '';
