import type { FileFinished } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { matchPath } from '@interpulse/domain/trigger/match-path.ts';
import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import type { DatasetId, FlowRunId } from '@interpulse/domain/id.ts';
import { findPrincipal } from '@interpulse/store/access/access.ts';
import { insertDataset } from '@interpulse/store/catalog/write-datasets.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findFlow } from '@interpulse/store/flows/flows.ts';
import {
  claimFiring,
  triggersOfInstrument,
  type StoredTrigger,
} from '@interpulse/store/flows/triggers.ts';
import { findInstrument, noteShotRecorded } from '@interpulse/store/instruments/instruments.ts';
import { startFlowRun } from '../flow-runs/start-flow-run.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { refuseForeignInstrument } from './refuse-foreign-instrument.ts';

/** With these a flow refuses its input or definition, before anything of it is written. */
const startRefusals = new Set(['invalid', 'notFound']);

/** Projects of instruments that no trigger claims. */
const unclaimed = { project: 'facility', ownerId: 'system' };

/**
 * Takes the word that a file is whole: registers it and starts the flows whose triggers match, in
 * one transaction. The same file again registers and starts nothing.
 */
export async function takeFileFinished(
  hub: Hub,
  siteId: string,
  message: FileFinished,
): Promise<void> {
  await hub.transaction(async (tx) => {
    const [instrument, enabled] = await Promise.all([
      findInstrument(tx, message.instrument),
      triggersOfInstrument(tx, message.instrument),
    ]);
    refuseForeignInstrument(instrument, message.instrument, siteId);
    const triggers = enabled.filter((trigger) => matchPath(trigger.pattern, message.path));
    const { id: datasetId } = await register(hub, tx, message, instrument, triggers[0]);
    let flowRunId: FlowRunId | null = null;
    for (const trigger of triggers) {
      flowRunId = (await tryToFire(hub, tx, trigger, message, instrument, datasetId)) ?? flowRunId;
    }
    if (message.shotNumber !== null) {
      await noteShotRecorded(tx, {
        instrument: message.instrument,
        number: message.shotNumber,
        closedAt: message.closedAt,
        datasetId,
        flowRunId,
      });
    }
    tx.notify([eventsTopic]);
  });
}

async function register(
  hub: Hub,
  tx: HubTransaction,
  message: FileFinished,
  instrument: Instrument,
  trigger: StoredTrigger | undefined,
): Promise<{ id: DatasetId; isNew: boolean }> {
  const location = `${instrument.collection}:${message.path}`;
  return insertDataset(
    tx,
    {
      id: hub.newId('dataset'),
      title: message.path.split('/').at(-1) ?? message.path,
      kind: 'raw',
      project: trigger?.project ?? unclaimed.project,
      ownerId: trigger?.ownerId ?? unclaimed.ownerId,
      instrument: message.instrument,
      shotNumber: message.shotNumber,
      flowRunId: null,
      jobId: null,
      derivedFrom: [],
      metadata: message.metadata,
      keywords: [],
      files: [
        { location, sizeBytes: message.sizeBytes, modifiedAt: message.modifiedAt, xxh3: null },
      ],
      preview: null,
      // A file that is written anew is another file.
      sourceKey: `${location} ${message.sizeBytes} ${message.modifiedAt}`,
    },
    hub.now(),
  );
}

/** A trigger whose flow refuses to start must not keep the file out of the catalog. */
async function tryToFire(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  message: FileFinished,
  instrument: Instrument,
  datasetId: DatasetId,
): Promise<FlowRunId | null> {
  try {
    return await fire(hub, tx, trigger, message, instrument, datasetId);
  } catch (error) {
    if (!(error instanceof DomainError) || !startRefusals.has(error.kind)) throw error;
    hub.log.warn({ err: error, trigger: trigger.name }, 'a trigger could not start its flow');
    await appendEvents(tx, [
      {
        at: hub.now(),
        kind: 'trigger.failed',
        subjectType: 'trigger',
        subjectId: trigger.name,
        project: trigger.project,
        flowRunId: null,
        actor: null,
        data: { datasetId, reason: error.message },
      },
    ]);
    return null;
  }
}

async function fire(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  message: FileFinished,
  instrument: Instrument,
  datasetId: DatasetId,
): Promise<FlowRunId | null> {
  const id = hub.newId('flowrun');
  const [isFirst, flow, owner] = await Promise.all([
    claimFiring(tx, trigger.name, datasetId, id, hub.now()),
    findFlow(tx, trigger.flowName),
    findPrincipal(tx, trigger.ownerId),
  ]);
  if (!isFirst) return null;
  if (!flow || !owner) {
    throw new DomainError('notFound', `the flow ${trigger.flowName} or its account is gone`);
  }
  const file = message.path.split('/').at(-1) ?? message.path;
  await startFlowRun(hub, tx, {
    id,
    flow,
    input: {
      input: {
        ...trigger.input,
        file: `${instrument.collection}:${message.path}`,
        dataset: datasetId,
        returnTo: answerFolder(instrument.returnTo, file),
        ...(message.shotNumber === null ? {} : { shot: message.shotNumber }),
      },
    },
    label: message.shotNumber === null ? file : `shot ${message.shotNumber}`,
    urgency: trigger.urgency,
    deadlineAt: deadlineOf(trigger, message, instrument),
    tags: {},
    project: trigger.project,
    owner,
    instrument: message.instrument,
    shotNumber: message.shotNumber,
    datasetId,
  });
  return id;
}

/** Every file's answers get a folder of their own, named after it. */
function answerFolder(returnTo: string, file: string): string {
  return `${returnTo.replace(/\/$/, '')}/${file.replace(/\.[^.]+$/, '')}/`;
}

function deadlineOf(
  trigger: StoredTrigger,
  message: FileFinished,
  instrument: Instrument,
): string | null {
  if (trigger.deadline === 'none') return null;
  if (typeof trigger.deadline === 'number') return addSeconds(message.closedAt, trigger.deadline);
  const { nextShotAt, periodSeconds, lastShotNumber } = instrument;
  // The clock may already have moved on to a later shot while this file was being written.
  if (nextShotAt !== null && lastShotNumber === message.shotNumber) return nextShotAt;
  return periodSeconds === null ? null : addSeconds(message.closedAt, periodSeconds);
}
