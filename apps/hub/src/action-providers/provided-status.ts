import type { FlowRunStatus } from '@interpulse/domain/flow-run/flow-run.ts';
import { redactState } from '@interpulse/domain/flow/redact.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { isJsonObject } from '@interpulse/domain/json.ts';
import type { ProvidedAction } from '@interpulse/store/action-runs/provided-actions.ts';
import {
  readFlowDocuments,
  type OwnedFlowRun,
} from '@interpulse/store/flow-runs/read-flow-runs.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { identityUrn } from './urn.ts';

const statuses: Record<FlowRunStatus, string> = {
  ACTIVE: 'ACTIVE',
  INACTIVE: 'INACTIVE',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  ENDED: 'FAILED',
};

/** The status document of a flow run that was started by the action-provider contract. */
export async function providedStatus(
  db: Executor,
  action: ProvidedAction,
  run: OwnedFlowRun,
): Promise<JsonObject> {
  const { label, monitorBy, manageBy } = action;
  const shown = shortened(run.reason ?? run.stateName ?? run.status);
  return {
    action_id: run.id,
    status: statuses[run.status],
    display_status: shown === '' ? run.status : shown,
    creator_id: identityUrn(action.creatorId),
    ...(label === null ? {} : { label }),
    monitor_by: monitorBy ?? [identityUrn(action.creatorId)],
    manage_by: manageBy ?? [identityUrn(action.creatorId)],
    start_time: run.startedAt,
    ...(run.endedAt === null ? {} : { completion_time: run.endedAt }),
    release_after: action.releaseAfter,
    details: await detailsOf(db, action, run),
  };
}

/** As much as the contract allows, whole words of it. */
function shortened(text: string): string {
  if (text.length <= 64) return text;
  return `${text.slice(0, 63).replace(/[,;:]?\s+\S*$/, '')}…`;
}

async function detailsOf(
  db: Executor,
  { provider }: ProvidedAction,
  run: OwnedFlowRun,
): Promise<JsonObject> {
  const where = { flow_run: run.id, flow: run.flowName };
  if (run.endedAt === null) {
    const progress = { state_name: run.stateName, steps_done: run.stepsDone };
    return { ...where, ...progress, steps_total: run.stepsTotal, description: run.reason };
  }
  if (run.status !== 'SUCCEEDED') return { ...where, cause: run.reason, state_name: run.stateName };
  const { data, privatePaths } = await readFlowDocuments(db, run.id);
  const output = redactState(data, privatePaths);
  if (provider.startsWith('flows/')) return { ...where, output };
  // An action of ours answers as itself, not as the flow run around it.
  return isJsonObject(output) && isJsonObject(output['details'])
    ? { ...output['details'], ...where }
    : { ...where, output };
}
