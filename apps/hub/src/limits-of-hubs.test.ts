import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '@interpulse/store/database.ts';
import { listEvents } from '@interpulse/store/events/list-events.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { readLimitUses } from '@interpulse/store/sites/limits.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { countDeadlocks } from '@interpulse/testing/database/count-deadlocks.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { openSubmission } from './testing/open-submission.ts';
import { enrolWithPilot } from './testing/enrol-with-pilot.ts';
import { startTestHub, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

/** Reconcilers look by themselves every 5 s: what comes sooner was woken. */
const soonMs = 2_500;

describe('limits of placing with three hubs on one database', () => {
  const hubs: TestHub[] = [];
  let agent: FakeAgent;

  const hubOf = (number: number): TestHub => hubs[number % hubs.length] ?? assert.fail();
  const placed = async () => (await readLimitUses(hubOf(0).hub.db))[0]?.jobs;
  const stateOf = async (jobId = '') => {
    const { body } = await hubOf(0).send('GET', `/jobs/${jobId}`);
    return (body['job'] as { state: string }).state;
  };
  const setLimit = async (limit: object): Promise<void> => {
    const { status } = await hubOf(1).send('PUT', '/placement-limits', limit);
    assert.equal(status, 200);
  };

  before(async () => {
    const db = await openTestDatabase();
    hubs.push(await startTestHub(db));
    for (let more = 0; more < 2; more += 1) {
      hubs.push(await startTestHub(openDatabase(db.connection, { log: silentLog })));
    }
    // Its session is at none of the hubs to which the test submits first.
    agent = await enrolWithPilot(hubOf(0), 'centre', { url: hubOf(2).url });
    // What jobs share is written with the first of them, and others wait for that row.
    const first = await agent.nextLease(await hubOf(0).submit());
    await agent.sayJobs(agent.report(first, 'completed'));
  });
  after(async () => {
    agent.vanish();
    for (const hub of hubs.toReversed()) {
      await hub.stop();
      await hub.hub.db.close();
    }
  });

  test('one of two hubs has the last room, and its end wakes who waits', async () => {
    await setLimit({ project: 'demo', maxJobs: 1 });
    const one = await openSubmission(hubOf(0).hub, {});
    const two = await openSubmission(hubOf(1).hub, {});
    await Promise.all([one.end(), two.end()]);
    const ids = [...one.jobIds, ...two.jobIds];
    const first = await agent.nextLease();
    const second = ids.find((id) => id !== first.jobId);
    await until('why it waits', async () => {
      const { body } = await hubOf(0).send('GET', `/jobs/${second}`);
      return /limit of project demo/.test((body['job'] as { reason: string }).reason);
    });
    assert.equal(await placed(), 1);
    const startedMs = performance.now();
    await agent.sayJobs(agent.report(first, 'completed'));
    const next = await agent.nextLease(second);
    const ms = performance.now() - startedMs;
    assert.ok(ms < soonMs, `${ms} ms: by a timer`);
    await agent.sayJobs(agent.report(next, 'completed'));
  });

  test('many submissions at all of them never pass a limit, and all of it ends', async () => {
    await setLimit({ project: 'demo', maxJobs: 7 });
    await setLimit({ site: 'centre', maxCores: 9 });
    const { db } = hubOf(0).hub;
    const sent = Array.from({ length: 90 }, (_, number) => {
      return hubOf(number).submit({ resources: { cores: coresOf(number), walltimeSeconds: 60 } });
    });
    const ids = await Promise.all(sent);
    for (let ended = 0; ended < ids.length; ended += 1) {
      await agent.sayJobs(agent.report(await agent.nextLease(), 'completed'));
    }
    const highest = await highestUse(db, new Map(ids.map((id, number) => [id, coresOf(number)])));
    console.log(`at most ${highest.jobs} jobs of 7 and ${highest.cores} cores of 9 were placed`);
    assert.ok(highest.jobs <= 7 && highest.cores <= 9, JSON.stringify(highest));
    assert.ok(highest.cores >= 7, 'as much as may be');
    for (const id of ids) assert.equal(await stateOf(id), 'completed');
    assert.equal(await countDeadlocks(db), 0);
  });
});

const coresOf = (number: number): number => 1 + (number % 3);

/** The most of these jobs that counted at a time, by their history: how many, and their cores. */
async function highestUse(db: Executor, cores: ReadonlyMap<string, number>) {
  const now = { jobs: 0, cores: 0 };
  const highest = { jobs: 0, cores: 0 };
  const events = await listEvents(db, { projects: null, limit: 500 });
  for (const { kind, subjectId } of events) {
    const own = cores.get(subjectId);
    if (own === undefined || (kind !== 'job.placed' && kind !== 'job.completed')) continue;
    const sign = kind === 'job.placed' ? 1 : -1;
    now.jobs += sign;
    now.cores += sign * own;
    highest.jobs = Math.max(highest.jobs, now.jobs);
    highest.cores = Math.max(highest.cores, now.cores);
  }
  return highest;
}
