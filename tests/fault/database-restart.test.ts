import assert from 'node:assert/strict';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '@interpulse/store/embedded/start-embedded-postgres.ts';
import { randomFromSeed } from '@interpulse/testing/facility/random-from-seed.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { allAnswered, checkAnswers } from './check-answers.ts';
import { startSmallFacility, type SmallFacility } from './small-facility.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const [postgres] = globSync('/usr/lib/postgresql/*/bin/postgres').toSorted().toReversed();
const skip = postgres === undefined ? 'no PostgreSQL server in /usr/lib/postgresql' : false;
const shots = 8;

describe(`a PostgreSQL server that goes down (INTERPULSE_SEED=${seed})`, { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ip-served-'));
  const random = randomFromSeed(seed);
  let server: EmbeddedPostgres | undefined;
  let small: SmallFacility | undefined;

  const silent = () => undefined;
  const startServer = async () => {
    server = await startEmbeddedPostgres({
      folder,
      log: { debug: silent, info: silent, warn: silent, error: silent },
      binaries: dirname(postgres ?? ''),
    });
    const { host, port, user, database } = server.connection;
    return `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  };
  const stop = async (shot: number): Promise<void> => {
    console.log(`after shot ${shot}: the server restarts`);
    await server?.stop();
  };
  /** All at once, in the middle of whatever it does: no checkpoint, no word to anybody. */
  const kill = async (shot: number): Promise<void> => {
    console.log(`after shot ${shot}: kill -9 of the server`);
    process.kill(server?.pid ?? Number.NaN, 'SIGKILL');
    await server?.ended;
  };
  const pause = () => new Promise((resolve) => setTimeout(resolve, 200 + random() * 1000));

  before(async () => {
    small = await startSmallFacility({ database: await startServer() });
  });
  after(async () => {
    await small?.facility.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
    if (small) await rm(small.facility.folder, { recursive: true, force: true });
  });

  it('while shots are answered: nothing is lost, and nothing is doubled', async () => {
    if (small === undefined) throw new Error('the facility did not start');
    const hub = small.facility.children.get('hub')?.pid;
    for (let shot = 1; shot <= shots; shot += 1) {
      await small.takeShot(shot);
      await pause();
      if (shot % 3 !== 0) continue;
      await (shot % 2 === 0 ? kill(shot) : stop(shot));
      // Told while nobody can write it down.
      await small.takeShot((shot += 1));
      await pause();
      await startServer();
    }
    await allAnswered(small, shots, 45);
    await checkAnswers(small, shots);
    assert.equal(small.facility.children.get('hub')?.pid, hub);
    assert.doesNotThrow(() => process.kill(hub ?? 0, 0), 'the same hub goes on');
  });

  it('and pushes go on: a change is heard at once', async () => {
    if (small === undefined) throw new Error('the facility did not start');
    const startMs = Date.now();
    await small.takeShot(shots + 1);
    const { client } = small.facility;
    await until('the answer to one more shot', 10, async () => {
      const query = { limit: 1 };
      const { items } = await unwrap(client.GET('/api/v1/flow-runs', { params: { query } }));
      return items[0]?.shotNumber === shots + 1 && items[0].status === 'SUCCEEDED';
    });
    assert.ok(Date.now() - startMs < 8_000, 'not by the slow rounds of reconcilers');
  });
});
