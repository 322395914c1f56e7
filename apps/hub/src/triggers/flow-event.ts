import { redactState } from '@interpulse/domain/flow/redact.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { eventInput } from '@interpulse/domain/trigger/event-input.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import {
  findFlowRun,
  readFlowDocuments,
  type OwnedFlowRun,
} from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { triggerDepth } from '@interpulse/store/triggers/firings.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/** Tells triggers of a flow run that ended just now, in the transaction of its end. */
export async function fireFlowTriggers(
  hub: Hub,
  tx: HubTransaction,
  run: { id: string; flowName: string; project: string },
): Promise<void> {
  const subject = `${run.project} ${run.flowName}`;
  await hub.fireIfHeard(hub, tx, 'flow', subject, async () => {
    const [ended, documents, depth] = await Promise.all([
      findFlowRun(tx, run.id),
      readFlowDocuments(tx, run.id),
      triggerDepth(tx, run.id),
    ]);
    if (ended === undefined) return null;
    const { input, data, privatePaths } = documents;
    const clock = ended.instrument === null ? null : await findInstrument(tx, ended.instrument);
    const shown = {
      input: redactState(input, privatePaths),
      output: redactState(data, privatePaths),
    };
    return { ...flowEvent(ended, shown, clock ?? null), depth };
  });
}

/** The event that triggers of the kind `flow` hear of; nothing private is in it. */
export function flowEvent(
  run: OwnedFlowRun,
  { input, output }: { input: JsonObject; output: JsonObject },
  instrument: TriggerEvent['instrument'],
): TriggerEvent {
  const { id, flowName, project, status, label, reason, tags, urgency } = run;
  const { datasetId, resultDatasetId, shotNumber, startedAt, endedAt, deadlineAt } = run;
  const at = endedAt ?? startedAt;
  const dataset = resultDatasetId ?? datasetId;
  const document = {
    kind: 'flow',
    at,
    instrument: run.instrument,
    shot: shotNumber,
    dataset,
    flowRun: {
      ...{ id, flowName, project, status, label, reason, tags, urgency, shotNumber },
      ...{ datasetId, resultDatasetId, startedAt, endedAt, deadlineAt, input, output },
      instrument: run.instrument,
    },
  };
  return {
    kind: 'flow',
    subject: `${project} ${flowName}`,
    at,
    key: id,
    summary: `${flowName} ${status}: ${label}`,
    document,
    ...eventInput(document),
    label: `after ${label}`,
    instrument,
    shotNumber,
    datasetId: dataset,
    depth: 0,
  };
}
