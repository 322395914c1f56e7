import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { eventInput } from '@interpulse/domain/trigger/event-input.ts';
import { sourceMatches } from '@interpulse/domain/trigger/source-matches.ts';
import { subjectKey } from '@interpulse/domain/trigger/source-subject.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { SourceOf } from '@interpulse/domain/trigger/trigger-source.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { filesOfRun, type RunFiles } from '@interpulse/store/instruments/run-files.ts';
import { noteRunTakenUp } from '@interpulse/store/instruments/runs.ts';
import { triggersOfSubjects, type StoredTrigger } from '@interpulse/store/triggers/triggers.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { answerFolder } from './answer-folder.ts';
import { fireTrigger } from './fire-triggers.ts';

/** A run of an instrument with the files that are whole. */
export interface FiledRun extends RunFiles {
  instrument: Instrument;
  number: number;
  at: string;
}

/** The event that triggers of a run's first or of all its files hear of. */
export function runFilesEvent(filed: FiledRun): TriggerEvent {
  const { instrument, number, at, parameters, startedAt, endedAt, fileCount, files } = filed;
  const single = fileCount === 1 ? { file: files[0] ?? null, dataset: filed.datasetId } : {};
  const document: JsonObject = {
    ...{ kind: 'run', at, on: 'files', instrument: instrument.name, ...single, files, fileCount },
    run: { number, parameters, startedAt, endedAt },
    shot: number,
    returnTo: answerFolder(instrument.returnTo, `run_${number}`),
  };
  return {
    kind: 'run',
    subject: instrument.name,
    at,
    key: `files ${number}`,
    summary: `run ${number} has ${fileCount} ${fileCount === 1 ? 'file' : 'files'}`,
    document,
    ...eventInput(document),
    label: `run ${number}`,
    instrument,
    shotNumber: number,
    datasetId: fileCount === 1 ? filed.datasetId : null,
    depth: 0,
  };
}

/**
 * Starts what waits for the first file, or for all files, of a run. Called while the transaction
 * holds the run's row: of files that are told at one moment the later one sees all of them.
 * `listeners` are the triggers of the instrument's runs, where they are known.
 */
export async function fireRunFiles(
  hub: Hub,
  tx: HubTransaction,
  run: { instrument: Instrument; number: number; at: string },
  listeners?: readonly StoredTrigger[],
): Promise<void> {
  const { instrument, number } = run;
  const subject = subjectKey('run', instrument.name);
  const known = listeners ?? (await triggersOfSubjects(tx, [subject])).get(subject) ?? [];
  if (!known.some(({ source }) => source.kind === 'run' && isOfFiles(source.on))) return;
  const which = { instrument: instrument.name, number };
  const found = await filesOfRun(tx, which, triggerLimits.runFilesTold);
  if (found === undefined || found.fileCount === 0) return;
  const event = runFilesEvent({ ...found, ...run });
  for (const trigger of known) {
    if (!sourceMatches(trigger.source, event)) continue;
    const { flowRunId } = await fireTrigger(hub, tx, trigger, event);
    if (flowRunId !== null) await noteRunTakenUp(tx, which, flowRunId);
  }
}

function isOfFiles(on: SourceOf<'run'>['on']): boolean {
  return on === 'firstFile' || on === 'allFiles';
}
