import type { HistoryEvent } from '@interpulse/domain/event/event.ts';

/**
 * Keys of everything the portal asks for. The first word is the kind of thing, so that an event
 * about a thing can mark what is known of it as out of date.
 */
export const queryKeys = {
  me: ['me'],
  tokens: ['tokens'],
  notices: ['notices'],
  instruments: ['instruments'],
  shots: (instrument: string) => ['shots', instrument],
  instrumentTiming: (instrument: string) => ['instrumentTiming', instrument],
  runs: (instrument: string) => ['runs', instrument],
  flowRuns: (filter: object) => ['flowRuns', filter],
  flowRun: (id: string) => ['flowRun', id],
  /** Does not change: it is not of `flowRun`, which events refresh. */
  flowRunStart: (id: string) => ['flowRunStart', id],
  flowRunLog: (id: string) => ['flowRun', id, 'log'],
  flows: ['flows'],
  flow: (name: string) => ['flows', name],
  lastRuns: (flow: string) => ['lastRuns', flow],
  webInputs: (filter: object) => ['webInputs', filter],
  webInput: (id: string) => ['webInput', id],
  triggers: ['triggers'],
  trigger: (name: string) => ['trigger', name],
  lastEvent: (about: object) => ['lastEvent', about],
  triggerFirings: (name: string, filter: object) => ['trigger', name, 'firings', filter],
  flowRunCounts: (filter: object) => ['flowRunCounts', filter],
  flowBatches: (filter: object) => ['flowBatches', filter],
  flowBatch: (id: string) => ['flowBatch', id],
  serviceAccounts: ['serviceAccounts'],
  tokensOf: (account: string) => ['tokensOf', account],
  folder: (location: string) => ['folder', location],
  flowRunSteps: (id: string, filter: object) => ['flowRunSteps', id, filter],
  jobs: (filter: object) => ['jobs', filter],
  job: (id: string) => ['job', id],
  jobCounts: (filter: object) => ['jobCounts', filter],
  ensembles: (filter: object) => ['ensembles', filter],
  ensemble: (id: string) => ['ensemble', id],
  ensembleGrid: (id: string) => ['ensembleGrid', id],
  transfers: (filter: object) => ['transfers', filter],
  sites: ['sites'],
  site: (name: string) => ['sites', name],
  pilots: (site: string, isAlive: boolean) => ['pilots', site, isAlive],
  siteUsage: (site: string, hours: number) => ['siteUsage', site, hours],
  limits: ['limits'],
  collections: ['collections'],
  apps: ['apps'],
  app: (name: string) => ['apps', name],
  datasets: (filter: object) => ['datasets', filter],
  dataset: (id: string) => ['dataset', id],
  preview: (id: string) => ['preview', id],
  history: (subjectId: string) => ['history', subjectId],
} as const;

/**
 * What is asked anew no more often than this, in milliseconds, however much happens: thousands of
 * jobs that end within a minute must not make thousands of large answers.
 */
const paces: Record<string, number> = {
  flowRun: 300,
  flowRunSteps: 2000,
  triggers: 2000,
  trigger: 1000,
  flowRunCounts: 2000,
  flowBatches: 2000,
  flowBatch: 1000,
  lastRuns: 5000,
  runs: 1000,
  instrumentTiming: 2000,
  jobs: 1000,
  jobCounts: 1000,
  ensembles: 2000,
  ensemble: 1000,
  ensembleGrid: 3000,
  sites: 2000,
  pilots: 1000,
  limits: 5000,
};

/** The least time between two questions for a key, in milliseconds. */
export function paceOf([kind]: readonly unknown[]): number {
  return typeof kind === 'string' ? (paces[kind] ?? 0) : 0;
}

/** The keys (or beginnings of keys) that an event makes out of date. */
export function keysTouchedBy(event: HistoryEvent): string[][] {
  const id = event.subjectId;
  const keys: string[][] = [['history', id], ...keysOfSubject(event.subjectType, id)];
  if (event.flowRunId) {
    keys.push(['flowRun', event.flowRunId], ['flowRunSteps', event.flowRunId]);
  }
  return keys;
}

function keysOfSubject(type: HistoryEvent['subjectType'], id: string): string[][] {
  switch (type) {
    case 'job':
      // An event does not name the job's ensemble; those on the screen are few.
      return [
        ['job', id],
        ['jobs'],
        ['jobCounts'],
        ['ensembles'],
        ['ensemble'],
        ['ensembleGrid'],
        ['limits'],
        ['sites'],
      ];
    case 'transfer':
      return [['transfers']];
    case 'flowRun':
      // A flow run may be what a trigger or a bulk start began.
      return [
        ['flowRuns'],
        ['flowRunCounts'],
        ['lastRuns'],
        ['flowRun', id],
        ['flowRunSteps', id],
        ['shots'],
        ['instrumentTiming'],
        ['runs'],
        ['triggers'],
        ['trigger'],
        ['flowBatches'],
        ['flowBatch'],
      ];
    case 'shot':
    case 'instrument':
      return [['instruments'], ['shots'], ['instrumentTiming'], ['runs']];
    case 'dataset':
      return [['datasets'], ['dataset', id], ['preview', id], ['shots'], ['runs']];
    case 'site':
    case 'agent':
    case 'pilot':
      return [['sites'], ['pilots'], ['collections']];
    case 'flow':
      return [['flows']];
    case 'app':
      return [['apps']];
    case 'limit':
      return [['limits']];
    case 'trigger':
      return [['triggers'], ['trigger', id]];
    case 'webInput':
      return [['webInputs'], ['webInput', id], ['flowRuns']];
    case 'project':
    case 'user':
      return [['me']];
  }
}
