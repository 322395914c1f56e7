import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import type { ItemCounts } from '../flow-diagram/state-progress.ts';

type Step = Schemas['FlowStep'];

/** The steps of a flow run that its page is about. */
export interface ShownSteps {
  steps: Step[];
  /** Items of states of the flow itself, by name; empty when `steps` are all that there are. */
  items: ReadonlyMap<string, ItemCounts>;
}

/**
 * All steps of a flow run when they are few; of many, those of the flow itself and, inside its
 * Map and Parallel states, those that failed, some under way, and the newest.
 */
export function useSteps(found: Schemas['FlowRunDocument'] | undefined): ShownSteps {
  const id = found?.flowRun.id ?? '';
  const isPart = found !== undefined && found.steps.length < found.stepCount;
  const failed = useQuery({ ...queries.someSteps(id, 'failed'), enabled: isPart });
  const active = useQuery({ ...queries.someSteps(id, 'active'), enabled: isPart });
  const newest = useQuery({ ...queries.someSteps(id), enabled: isPart });
  return useMemo(() => {
    const own = found?.steps ?? [];
    if (!isPart) return { steps: own, items: new Map<string, ItemCounts>() };
    const pages = [failed.data, active.data, newest.data];
    const some = pages.flatMap((page) => page?.items ?? []);
    const all = new Map([...some, ...own].map((step) => [step.sequence, step]));
    return {
      steps: [...all.values()].toSorted((one, other) => one.sequence - other.sequence),
      items: new Map(found.items.map(({ path, ...counts }) => [path, counts])),
    };
  }, [found, isPart, failed.data, active.data, newest.data]);
}
