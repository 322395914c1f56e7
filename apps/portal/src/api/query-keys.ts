import type { HistoryEvent } from '@interpulse/domain/event/event.ts';

/**
 * Keys of everything the portal asks for. The first word is the kind of thing, so that an event
 * about a thing can mark what is known of it as out of date.
 */
export const queryKeys = {
  me: ['me'],
  tokens: ['tokens'],
  instruments: ['instruments'],
  shots: (instrument: string) => ['shots', instrument],
  flowRuns: (filter: object) => ['flowRuns', filter],
  flowRun: (id: string) => ['flowRun', id],
  flowRunLog: (id: string) => ['flowRun', id, 'log'],
  flows: ['flows'],
  jobs: (filter: object) => ['jobs', filter],
  job: (id: string) => ['job', id],
  transfers: (filter: object) => ['transfers', filter],
  sites: ['sites'],
  site: (name: string) => ['sites', name],
  pilots: (site: string) => ['pilots', site],
  collections: ['collections'],
  apps: ['apps'],
  datasets: (filter: object) => ['datasets', filter],
  dataset: (id: string) => ['dataset', id],
  preview: (id: string) => ['preview', id],
  history: (subjectId: string) => ['history', subjectId],
} as const;

/** The keys (or beginnings of keys) that an event makes out of date. */
export function keysTouchedBy(event: HistoryEvent): string[][] {
  const id = event.subjectId;
  const keys: string[][] = [['history', id]];
  if (event.flowRunId) keys.push(['flowRun', event.flowRunId]);
  switch (event.subjectType) {
    case 'job':
      return [...keys, ['jobs'], ['job', id]];
    case 'transfer':
      return [...keys, ['transfers']];
    case 'flowRun':
      return [...keys, ['flowRuns'], ['flowRun', id], ['shots']];
    case 'shot':
    case 'instrument':
      return [...keys, ['instruments'], ['shots']];
    case 'dataset':
      return [...keys, ['datasets'], ['dataset', id], ['preview', id], ['shots']];
    case 'site':
    case 'agent':
    case 'pilot':
      return [...keys, ['sites'], ['pilots'], ['collections']];
    case 'flow':
      return [...keys, ['flows']];
    case 'app':
      return [...keys, ['apps']];
    case 'trigger':
      return keys;
    case 'project':
    case 'user':
      return [...keys, ['me']];
  }
}
