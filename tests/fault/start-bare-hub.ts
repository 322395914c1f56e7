import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';

/** A hub process with its own database and no site, and flows that need none. */
export interface BareHub {
  facility: Facility;
  /** Saves flows, by their names, in the project `demo`. */
  saveFlows(definitions: Record<string, object>): Promise<void>;
  /** Milliseconds until the hub says that it is well; it fails when that takes over 20 s. */
  healthMilliseconds(): Promise<number>;
  /** Ends it and removes its folder. */
  end(): Promise<void>;
}

/** Starts it in a new temporary folder. */
export async function startBareHub(environment: NodeJS.ProcessEnv = {}): Promise<BareHub> {
  const folder = await mkdtemp(join(tmpdir(), 'ip-bare-'));
  const facility = await startFacility({ folder, agents: [], environment });
  return {
    facility,
    async saveFlows(definitions) {
      for (const [flow, definition] of Object.entries(definitions)) {
        const params = { path: { flow } };
        const body = { definition: { ...definition }, project: 'demo' };
        await unwrap(facility.client.PUT('/api/v1/flows/{flow}', { params, body }));
      }
    },
    async healthMilliseconds() {
      const askedMs = performance.now();
      const signal = AbortSignal.timeout(20_000);
      await unwrap(facility.client.GET('/api/v1/health', { signal }));
      return performance.now() - askedMs;
    },
    async end() {
      await facility.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
