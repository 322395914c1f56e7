import type { Schemas } from '@interpulse/api/client/create-client.ts';

/** Everything that the live view shows. */
export interface FacilityView {
  portalUrl: string;
  instrument: Schemas['Instrument'] | null;
  /** Newest first. */
  shots: Schemas['Shot'][];
  /** The flow run of the newest shot that has one. */
  run: { flowRun: Schemas['FlowRun']; steps: Schemas['FlowStep'][] } | null;
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
    run: null,
    sites: [],
    figures: new Map(),
    isConnected: true,
  };
}
