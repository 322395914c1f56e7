import type { Thing } from '../access/authorize.ts';
import type { FlowPeople, FlowRun } from './flow-run.ts';

/** A flow as the decision about access sees it. */
export function flowThing(
  flow: Pick<FlowPeople, 'administrators' | 'starters' | 'viewers'> & {
    project: string;
    ownerId: string | null;
  },
): Thing {
  const { project, ownerId, administrators, starters, viewers } = flow;
  const run = [...administrators, ...starters];
  const read = [...run, ...viewers];
  const grants = { read, run, write: administrators, administer: administrators };
  return { project, ownerId, grants };
}

/** A flow run as the decision about access sees it: `run` is to cancel and resume it. */
export function flowRunThing(
  flowRun: Pick<FlowRun, 'project' | 'managers' | 'monitors'> & { ownerId: string | null },
  flow: Pick<FlowPeople, 'runManagers' | 'runMonitors'>,
): Thing {
  const { project, ownerId, managers, monitors } = flowRun;
  const run = [...managers, ...flow.runManagers];
  const read = [...run, ...monitors, ...flow.runMonitors];
  return { project, ownerId, grants: { read, run, write: run } };
}
