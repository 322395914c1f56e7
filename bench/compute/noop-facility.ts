import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startBenchHub, type BenchHub } from './start-bench-hub.ts';

/** A hub with its embedded database, one agent, and one warm pilot of two cores. */
export async function startNoopFacility(): Promise<BenchHub> {
  const hub = await startBenchHub({
    database: 'embedded',
    agents: async (folder) => {
      const scratch = join(folder, 'scratch');
      await mkdir(scratch);
      return [
        {
          site: 'bench',
          config: {
            compute: {
              scratchCollection: 'bench-scratch',
              allowsCommands: true,
              cores: 2,
              pools: [{ settings: { minWarm: 1, maxPilots: 1, walltimeSeconds: 86_400 } }],
            },
            collections: [{ name: 'bench-scratch', root: scratch }],
            endPilots: true,
          },
        },
      ];
    },
  });
  await until('a warm pilot', 60, async () => {
    const query = { alive: 'true' };
    const { items } = await unwrap(hub.client.GET('/api/v1/pilots', { params: { query } }));
    return items.some(({ state }) => state === 'running');
  });
  return hub;
}
