import assert from 'node:assert/strict';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, it } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { startEmbeddedPostgres } from '@interpulse/store/embedded/start-embedded-postgres.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { randomFromSeed } from '@interpulse/testing/facility/random-from-seed.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { answerQuestions, busyFlow, checkBusyRuns, flowRuns } from './busy-flow.ts';
import { startOutsideWorld, type OutsideWorld } from './outside-world.ts';
import { startSmallFacility, type SmallFacility } from './small-facility.ts';

/** Programs of a PostgreSQL server of this machine; undefined when there is none. */
export const serverBinaries = globSync('/usr/lib/postgresql/*/bin/postgres')
  .toSorted()
  .map(dirname)
  .at(-1);

/** Which hubs are killed, how often, and what decides when. */
export interface KillPlan {
  hubs: readonly ('hub' | 'hub-2')[];
  rounds: number;
  shotsEach: number;
  seed: number;
}

/** Defines the tests of hubs that are killed while flow runs wait for everything there is. */
export function killBusyFlows({ hubs, rounds, shotsEach, seed }: KillPlan): void {
  const folder = mkdtempSync(join(tmpdir(), 'ip-served-'));
  const ends: (() => Promise<void>)[] = [];
  let world: OutsideWorld;
  let small: SmallFacility;

  before(async () => {
    world = await startOutsideWorld();
    ends.push(() => world.close());
    const hub = {
      providers: [{ url: `${world.url}/` }],
      webhooks: { hosts: [new URL(world.url).host] },
    };
    const more = hubs.length === 1 ? {} : { secondHub: true, database: await startServer() };
    small = await startSmallFacility({ hub, ...more });
    ends.push(() => small.facility.stop());
    const params = { path: { flow: 'work' } };
    const body = { title: 'Busy', definition: busyFlow(world) };
    await unwrap(small.facility.client.PUT('/api/v1/flows/{flow}', { params, body }));
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
    rmSync(folder, { recursive: true, force: true });
    if (small) await rm(small.facility.folder, { recursive: true, force: true });
  });

  const startServer = async (): Promise<string> => {
    const binaries = serverBinaries ?? '';
    const server = await startEmbeddedPostgres({ folder, log: silentLog, binaries });
    ends.push(() => server.stop());
    const { host, port, user, database } = server.connection;
    return `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  };

  it('every run comes to its end, and everything was done once', async () => {
    const random = randomFromSeed(seed);
    const { facility } = small;
    let shots = 0;
    for (let round = 1; round <= rounds; round += 1) {
      for (let each = 0; each < shotsEach; each += 1) await small.takeShot((shots += 1));
      await new Promise((resolve) => setTimeout(resolve, random() * 3000));
      await answerQuestions(facility.client);
      await new Promise((resolve) => setTimeout(resolve, random() * 200));
      const victim = hubs[Math.floor(random() * hubs.length)] ?? 'hub';
      console.log(`round ${round}: kill -9 ${victim}`);
      await facility.kill(victim);
      await facility.start(victim);
    }
    await until('the end of all flow runs', 60, async () => {
      await answerQuestions(facility.client);
      const runs = await flowRuns(facility.client);
      return runs.length >= shots && runs.every(({ endedAt }) => endedAt !== null);
    }).catch(async (cause: unknown) => {
      const runs = await flowRuns(facility.client);
      const open = runs.filter(({ endedAt }) => endedAt === null);
      const said = open.map(({ id, shotNumber, reason }) => `${id} of ${shotNumber}: ${reason}`);
      throw new Error([`${runs.length} of ${shots}`, ...said].join('\n'), { cause });
    });
    await checkBusyRuns(facility.client, world, shots, small.dataFolder);
    assert.ok(world.carried.size > 0);
    console.log(`${shots} shots; ${world.again()} questions to run came again`);
  });

  it('what a killed hub had in hand is taken up at once, long before its lease ends', async () => {
    const { facility } = small;
    const Ask = { Type: 'Action', ActionUrl: `${world.url}/slow`, Parameters: {}, End: true };
    const params = { path: { flow: 'slow' } };
    const body = { definition: { StartAt: 'Ask', States: { Ask } }, project: 'demo' };
    await unwrap(facility.client.PUT('/api/v1/flows/{flow}', { params, body }));
    await unwrap(facility.client.POST('/api/v1/flow-runs', { body: { flow: 'slow', input: {} } }));
    await until('the question that is not answered', 10, async () => world.slow.length === 1);
    // Which hub asks is not known: all are killed, and the last one stays away.
    for (const hub of hubs) await facility.kill(hub);
    await facility.start('hub');
    await until('the same question', 15, async () => world.slow.length === 2);
    assert.equal(new Set(world.slow).size, 1, 'by the same id');
    await until('the end of the flow run', 10, async () => {
      const [run] = await flowRuns(facility.client);
      return run?.flowName === 'slow' && run.status === 'SUCCEEDED';
    });
  });
}
