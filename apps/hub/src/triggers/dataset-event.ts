import type { Dataset } from '@interpulse/domain/dataset/dataset.ts';
import { baseName } from '@interpulse/domain/location.ts';
import { eventInput } from '@interpulse/domain/trigger/event-input.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import type { NewDataset } from '@interpulse/store/catalog/write-datasets.ts';
import { triggerDepth } from '@interpulse/store/triggers/firings.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { answerFolder } from './answer-folder.ts';

/** Files of a dataset that its event tells; a manifest may have a hundred thousand. */
const filesTold = 1000;

/** Tells triggers of a dataset that was registered just now. */
export async function fireDatasetTriggers(
  hub: Hub,
  tx: HubTransaction,
  dataset: NewDataset,
  at: string,
): Promise<void> {
  await hub.fireIfHeard(hub, tx, 'dataset', dataset.project, async () => {
    const { instrument, flowRunId } = dataset;
    const [clock, depth] = await Promise.all([
      instrument === null ? undefined : findInstrument(tx, instrument),
      flowRunId === null ? 0 : triggerDepth(tx, flowRunId),
    ]);
    const files = dataset.files.map(({ location }) => location);
    return { ...datasetEvent(dataset, files, at, clock ?? null), depth };
  });
}

/** What of a dataset its event tells. */
type ToldDataset = Pick<
  Dataset,
  'title' | 'kind' | 'project' | 'instrument' | 'shotNumber' | 'metadata'
> & { id: string; keywords: readonly string[]; flowRunId: string | null };

/** The event that triggers of the kind `dataset` hear of. */
export function datasetEvent(
  dataset: ToldDataset,
  locations: readonly string[],
  at: string,
  instrument: (TriggerEvent['instrument'] & { returnTo: string }) | null,
): TriggerEvent {
  const { id, title, kind, project, shotNumber, flowRunId, metadata } = dataset;
  const files = locations.slice(0, filesTold);
  const file = files[0] ?? null;
  const keywords = [...dataset.keywords];
  const told = { id, title, kind, project, instrument: dataset.instrument, shotNumber };
  const folder = file === null ? id : baseName(file);
  const returnTo = instrument === null ? null : answerFolder(instrument.returnTo, folder);
  const document = {
    kind: 'dataset',
    at,
    file,
    returnTo,
    instrument: dataset.instrument,
    shot: shotNumber,
    dataset: { ...told, flowRunId, keywords, metadata, files },
  };
  return {
    kind: 'dataset',
    subject: project,
    at,
    key: id,
    summary: title,
    document,
    ...eventInput(document),
    label: title,
    instrument,
    shotNumber,
    datasetId: id,
    depth: 0,
  };
}
