import type { FileFinished } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import type { FlowRunId } from '@interpulse/domain/id.ts';
import { baseName } from '@interpulse/domain/location.ts';
import { matchPath } from '@interpulse/domain/trigger/match-path.ts';
import { subjectKey } from '@interpulse/domain/trigger/source-subject.ts';
import { insertDataset, type NewDataset } from '@interpulse/store/catalog/write-datasets.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findInstrument, noteShotRecorded } from '@interpulse/store/instruments/instruments.ts';
import { triggersOfSubjects, type StoredTrigger } from '@interpulse/store/triggers/triggers.ts';
import type { Hub } from '../hub.ts';
import { fireDatasetTriggers } from '../triggers/dataset-event.ts';
import { fileEvent } from '../triggers/file-event.ts';
import { fireTrigger } from '../triggers/fire-triggers.ts';
import { fireRunFiles } from '../triggers/run-files.ts';
import { refuseForeignInstrument } from './refuse-foreign-instrument.ts';

/** Who owns what no trigger claims; it is of the instrument's project. */
const unclaimedOwnerId = 'system';

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
    const subject = subjectKey('file', message.instrument);
    const ofRuns = subjectKey('run', message.instrument);
    const [instrument, listeners] = await Promise.all([
      findInstrument(tx, message.instrument),
      triggersOfSubjects(tx, [subject, ofRuns]),
    ]);
    refuseForeignInstrument(instrument, message.instrument, siteId);
    const triggers = (listeners.get(subject) ?? []).filter(
      ({ source }) =>
        source.kind === 'file' &&
        source.stage !== 'growing' &&
        matchPath(source.pattern, message.path),
    );
    const claimed = triggers.find(({ pause }) => pause === null);
    const dataset = datasetOf(hub, message, instrument, claimed);
    const at = hub.now();
    const { id: datasetId, isNew } = await insertDataset(tx, dataset, at);
    let flowRunId: FlowRunId | null = null;
    const event = fileEvent({ ...message, instrument, datasetId });
    for (const trigger of triggers) {
      const fired = await fireTrigger(hub, tx, trigger, event);
      flowRunId ??= fired.flowRunId;
    }
    if (isNew) await fireDatasetTriggers(hub, tx, dataset, at);
    if (message.shotNumber !== null) {
      await noteShotRecorded(tx, {
        instrument: message.instrument,
        number: message.shotNumber,
        closedAt: message.closedAt,
        datasetId,
        flowRunId,
      });
      const run = { instrument, number: message.shotNumber, at: message.closedAt };
      if (isNew) await fireRunFiles(hub, tx, run, listeners.get(ofRuns) ?? []);
    }
    tx.notify([eventsTopic]);
  });
}

function datasetOf(
  hub: Hub,
  message: FileFinished,
  instrument: Instrument,
  trigger: StoredTrigger | undefined,
): NewDataset {
  const location = `${instrument.collection}:${message.path}`;
  return {
    id: hub.newId('dataset'),
    title: baseName(location),
    kind: 'raw',
    project: trigger?.project ?? instrument.project,
    ownerId: trigger?.ownerId ?? unclaimedOwnerId,
    instrument: message.instrument,
    shotNumber: message.shotNumber,
    flowRunId: null,
    jobId: null,
    derivedFrom: [],
    metadata: message.metadata,
    keywords: [],
    files: manifestOf(message, instrument),
    preview: null,
    // A file that is written anew is another file.
    sourceKey: `${location} ${message.sizeBytes} ${message.modifiedAt}`,
  };
}

/** A file; or the files of a folder that was told as one, where they could be named. */
function manifestOf(message: FileFinished, { collection }: Instrument): NewDataset['files'] {
  const files = message.files?.length ? message.files : [message];
  return files.map(({ path, sizeBytes, modifiedAt }) => ({
    location: `${collection}:${path}`,
    sizeBytes,
    modifiedAt,
    xxh3: null,
  }));
}
