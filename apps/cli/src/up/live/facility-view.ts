import type { Schemas } from '@interpulse/api/client/create-client.ts';

/** A flow run with its steps. */
export interface WatchedRun {
  flowRun: Schemas['FlowRun'];
  steps: Schemas['FlowStep'][];
}

/** Everything that the live view shows. */
export interface FacilityView {
  portalUrl: string;
  instrument: Schemas['Instrument'] | null;
  /** Newest first. */
  shots: Schemas['Shot'][];
  /** Flow runs of shots that are at work or have just ended, oldest first. */
  runs: WatchedRun[];
  sites: Schemas['Site'][];
  /** Figures of merit of results, by dataset. */
  figures: ReadonlyMap<string, readonly [string, string][]>;
  /** Whether the hub answers. */
  isConnected: boolean;
}

/** What is shown before anything is known. */
export function emptyView(portalUrl: string): FacilityView {
  return {
    portalUrl,
    instrument: null,
    shots: [],
    runs: [],
    sites: [],
    figures: new Map(),
    isConnected: true,
  };
}
