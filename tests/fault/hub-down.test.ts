import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap, type InterpulseClient } from '@interpulse/api/client/create-client.ts';
import { findProcesses } from '@interpulse/testing/facility/find-processes.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { allAnswered, checkAnswers } from './check-answers.ts';
import { startSmallFacility, type SmallFacility } from './small-facility.ts';

const downSeconds = 60;
/** Long enough that all jobs begin before the hub is killed and end while it is down. */
const script = 'read text < "$1"; sleep 10; echo "answer to $text" > result.txt';
/** Both sites have two cores each. */
const atWork = 4;
/** Jobs that pilots have at hand when the hub is killed, and begin without it. */
const atHand = 4;
const handed = 'sleep 1; echo done > handed.txt';

describe(`a hub that is down for ${downSeconds} s`, () => {
  let small: SmallFacility;
  let pilotsBefore: number[] = [];
  const pilots = () =>
    findProcesses(small.facility.folder)
      .filter(({ command }) => command.endsWith('pilot/src/main.ts'))
      .map(({ pid }) => pid)
      .toSorted((a, b) => a - b);

  before(async () => {
    small = await startSmallFacility({ script });
  });
  after(async () => {
    await small?.facility.stop();
    await rm(small.facility.folder, { recursive: true, force: true });
  });

  it('does not stop the pilots: they finish what they have', async () => {
    const { facility } = small;
    pilotsBefore = pilots();
    assert.equal(pilotsBefore.length, 2);
    for (let shot = 1; shot <= atWork; shot += 1) await small.takeShot(shot);
    await until('all jobs at work', 40, async () => {
      const query = { state: 'active', limit: 10 };
      const { items } = await unwrap(facility.client.GET('/api/v1/jobs', { params: { query } }));
      return items.length === atWork;
    });
    await handWork(facility.client);
    assert.deepEqual(results(facility.folder), [], 'none has ended');
    await facility.kill('hub');
    const killedMs = Date.now();
    // What the instrument measures meanwhile is to be told later.
    await small.takeShot(atWork + 1);
    await until('the results beside the dead hub', downSeconds, async () => {
      return results(facility.folder).length === atWork;
    });
    await until('what began without a hub to end', downSeconds, async () => {
      return handedResults(facility.folder).length === atHand;
    });
    const rest = downSeconds * 1000 - (Date.now() - killedMs);
    await new Promise((resolve) => setTimeout(resolve, rest));
    assert.deepEqual(pilots(), pilotsBefore, 'the same pilots wait');
    await facility.start('hub');
  });

  it('loses nothing: results arrive after its restart, each once', async () => {
    await allAnswered(small, atWork + 1, 60);
    const { client } = small.facility;
    await until('the word of what ended meanwhile', 60, async () => {
      const query = { app: 'handed' };
      const { counts } = await unwrap(client.GET('/api/v1/jobs/counts', { params: { query } }));
      return counts.completed === atHand;
    });
    await checkAnswers(small, atWork + 1);
    const { items } = await unwrap(
      small.facility.client.GET('/api/v1/jobs', { params: { query: { limit: 20 } } }),
    );
    for (const { id } of items) {
      const params = { path: { jobId: id } };
      const job = await unwrap(small.facility.client.GET('/api/v1/jobs/{jobId}', { params }));
      const begun = job.attempts.filter(({ startedAt }) => startedAt !== null);
      assert.equal(begun.length, 1, 'no work was done again');
    }
    assert.deepEqual(pilots(), pilotsBefore, 'the same pilots go on');
  });
});

/** Gives the pilots more than they can run at once. */
async function handWork(client: InterpulseClient): Promise<void> {
  const path = { app: 'handed' };
  const body = { command: ['sh', '-c', handed] };
  await unwrap(client.PUT('/api/v1/apps/{app}', { params: { path }, body }));
  const jobs = Array.from({ length: atHand }, () => ({ app: 'handed' }));
  await unwrap(client.POST('/api/v1/jobs', { body: { jobs } }));
  await until('work at hand at the pilots', 8, async () => {
    const query = { app: 'handed', state: 'ready' };
    const { items } = await unwrap(client.GET('/api/v1/jobs', { params: { query } }));
    return items.filter(({ pilotId }) => pilotId !== null).length === atHand;
  });
}

function handedResults(folder: string): string[] {
  return globSync(join(folder, '*-scratch', 'jobs', '*', '*', 'handed.txt'));
}

/** Results that jobs have left at the sites and that are whole. */
function results(folder: string): string[] {
  return globSync(join(folder, '*-scratch', 'jobs', '*', '*', 'result.txt')).filter((path) =>
    readFileSync(path, 'utf8').startsWith('answer to'),
  );
}
