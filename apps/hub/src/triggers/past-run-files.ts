import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { pastRunFiles } from '@interpulse/store/instruments/run-files.ts';
import type { PastWindow } from '@interpulse/store/triggers/trigger-history.ts';
import type { Hub } from '../hub.ts';
import { runFilesEvent } from './run-files.ts';

/** What was heard in a time of the files of runs: each new one, with those that were there. */
export async function pastFilesOfRuns(
  hub: Hub,
  instrument: Instrument,
  window: PastWindow,
): Promise<TriggerEvent[]> {
  const { runFilesRead, runFilesTold } = triggerLimits;
  const told = await pastRunFiles(hub.db, instrument.name, window, runFilesRead);
  const known = new Map<number, Set<string>>();
  const events: TriggerEvent[] = [];
  for (const { location, ...file } of told) {
    const locations = known.get(file.number) ?? new Set<string>();
    known.set(file.number, locations);
    const isNew = !locations.has(location);
    locations.add(location);
    if (!isNew || file.at < window.from || file.at >= window.to) continue;
    const files = [...locations].toSorted().slice(0, runFilesTold);
    events.push(runFilesEvent({ ...file, instrument, files, fileCount: locations.size }));
  }
  return events;
}
