import type { Flow } from '@interpulse/domain/flow-run/flow-run.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { newFlowProgress } from '@interpulse/domain/flow/flow-progress.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import type { FlowRunId } from '@interpulse/domain/id.ts';
import type { Urgency } from '@interpulse/domain/job/urgency.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { insertFlowRun } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { countedTypes } from './counted-types.ts';
import { enact } from './enact.ts';

/** How a flow run is started. */
export interface FlowRunStart {
  id: FlowRunId;
  flow: Pick<Flow, 'id' | 'name' | 'version' | 'definition' | 'inputSchema'>;
  input: JsonObject;
  label: string;
  urgency: Urgency;
  deadlineAt: string | null;
  tags: Record<string, string>;
  project: string;
  owner: { id: string; name: string };
  instrument: string | null;
  shotNumber: number | null;
  datasetId: string | null;
}

/**
 * Starts a flow in a transaction of the caller: the run, its first steps and their effects are
 * written together.
 * @throws DomainError invalid, when the input does not fit the flow's schema.
 */
export async function startFlowRun(
  hub: Hub,
  tx: HubTransaction,
  start: FlowRunStart,
): Promise<void> {
  const { flow, input } = start;
  const faults = validateInput(flow.inputSchema, input);
  const [first] = faults;
  if (first) {
    const where = first.loc.length > 0 ? ` at ${first.loc.join('.')}` : '';
    const message = `the input of flow ${flow.name}${where}: ${first.msg}`;
    throw new DomainError('invalid', message, {
      faults: faults.map((fault) => ({ ...fault, loc: ['input', ...fault.loc] })),
    });
  }
  const definition = await hub.definitions.get(flow.name, flow.version, tx);
  const states = Object.values(definition.States);
  const counted = states.filter(({ Type }) => countedTypes.has(Type));
  const run = {
    ...start,
    flowName: flow.name,
    flowVersion: flow.version,
    ownerId: start.owner.id,
    progress: newFlowProgress(),
  };
  const context = {
    flow_id: flow.id,
    run_id: start.id,
    username: start.owner.name,
    user_id: start.owner.id,
    deadline: start.deadlineAt,
    urgency: start.urgency,
  };
  // Nobody else sees the row before the commit: it needs no lock, and what follows no wait for it.
  await Promise.all([
    insertFlowRun(tx, { ...run, stepsTotal: counted.length }, hub.now()),
    enact(hub, tx, { ...run, revision: 0 }, { kind: 'started', input, context }),
  ]);
}
