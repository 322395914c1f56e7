import type { Flow } from '@interpulse/domain/flow-run/flow-run.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { hasRace } from '@interpulse/domain/flow/race.ts';
import { newFlowCore } from '@interpulse/domain/flow/flow-view.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import type { FlowRunId } from '@interpulse/domain/id.ts';
import type { Urgency } from '@interpulse/domain/job/urgency.ts';
import type { JsonObject, JsonTrail } from '@interpulse/domain/json.ts';
import { insertFlowRun, type NewRerun } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { countsAsStep } from './counts-as-step.ts';
import { enact } from './enact.ts';
import { whoStarted } from './who-started.ts';

/** How a flow run is started. */
export interface FlowRunStart {
  id: FlowRunId;
  flow: Pick<Flow, 'id' | 'name' | 'version' | 'definition' | 'inputSchema' | 'archivedAt'>;
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
  managers?: readonly string[];
  monitors?: readonly string[];
  /** The name of the trigger that starts it. */
  trigger?: string;
  /** It is due at the next shot: the deadline moves when that does. */
  followsShotClock?: boolean;
  batchId?: string;
  rerun?: Rerun;
}

/** What a flow run does again, and what of its first document is private. */
export interface Rerun extends NewRerun {
  privatePaths: JsonTrail[];
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
  const { flow, input, rerun } = start;
  const from = rerun?.from ?? null;
  if (flow.archivedAt !== null) {
    const message = `flow ${flow.name} was put away; bring it back before it is started`;
    throw new DomainError('conflict', message);
  }
  // The document of a flow run under way has long been more than its input.
  if (from === null) refuseInput(flow, input);
  const definition = await hub.definitions.get(flow.name, flow.version, tx);
  const counted = Object.keys(definition.States).filter((name) => countsAsStep(definition, name));
  const run = {
    ...start,
    flowName: flow.name,
    flowVersion: flow.version,
    ownerId: start.owner.id,
    core: { ...newFlowCore(), privatePaths: rerun?.privatePaths ?? [] },
  };
  const context = {
    flow_id: flow.id,
    run_id: start.id,
    ...(await whoStarted(tx, definition, start.owner, hub.now())),
    deadline: start.deadlineAt,
    // Only who has a deadline, or a race, asks what the rest will take.
    expected:
      start.deadlineAt === null && !hasRace(definition)
        ? {}
        : await hub.expectedTimes.get(tx, flow.name, definition, hub.now()),
    ...(start.followsShotClock === true ? { follows_shot_clock: true } : {}),
    urgency: start.urgency,
  };
  const begin = from === null ? { input } : { input: from.document, startAt: from.state };
  const event = { kind: 'started' as const, context, ...begin };
  // Nobody else sees the row before the commit: it needs no lock, and what follows no wait for it.
  const written = await Promise.allSettled([
    insertFlowRun(tx, { ...run, stepsTotal: counted.length }, hub.now()),
    enact(hub, tx, { ...run, data: {}, dataRevision: 0, revision: 0 }, event),
  ]);
  // Both have come to an end: a caller that goes on without this start is in nobody's way.
  for (const part of written) if (part.status === 'rejected') throw part.reason;
}

function refuseInput({ name, inputSchema }: FlowRunStart['flow'], input: JsonObject): void {
  const faults = validateInput(inputSchema, input);
  const [first] = faults;
  if (!first) return;
  const where = first.loc.length > 0 ? ` at ${first.loc.join('.')}` : '';
  throw new DomainError('invalid', `the input of flow ${name}${where}: ${first.msg}`, {
    faults: faults.map((fault) => ({ ...fault, loc: ['input', ...fault.loc] })),
  });
}
