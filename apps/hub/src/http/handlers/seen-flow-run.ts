import type { Verb } from '@interpulse/domain/access/authorize.ts';
import { flowRunThing } from '@interpulse/domain/flow-run/flow-access.ts';
import type { FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import { findFlowRun, type OwnedFlowRun } from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { demand, type Call } from '../handler.ts';
import { existing } from './existing.ts';

/**
 * A flow run with which the caller may do what it wants to.
 * @throws DomainError notFound or forbidden.
 */
export async function seenFlowRun(
  { hub, who }: Pick<Call, 'hub' | 'who'>,
  id: string,
  verb: Verb,
): Promise<OwnedFlowRun> {
  const run = existing(await findFlowRun(hub.db, id), `flow run ${id}`);
  demand(who, verb, flowRunThing(run, run), `flow run ${id}`);
  return run;
}

/** A flow run as the API shows it. */
export function publicFlowRun(run: OwnedFlowRun): FlowRun {
  const { ownerId: _, runManagers: __, runMonitors: ___, ...shown } = run;
  return shown;
}
