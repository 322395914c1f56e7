import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { findProcesses } from '@interpulse/testing/facility/find-processes.ts';
import { randomFromSeed } from '@interpulse/testing/facility/random-from-seed.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { killAndRestart, victims } from './kill-and-restart.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['INTERPULSE_ROUNDS'] ?? 8);
const sites = ['alpha', 'beta'];
/** Leaves of an ensemble, and how many of them each of the jobs in the middle waits for. */
const [leaves, together] = [24, 4];
const middles = leaves / together;

type Job = NonNullable<Schemas['SubmitJobsBody']['jobs']>[number];

/** Every third leaf fails when it runs for the first time, and is tried again. */
const leaf =
  'if [ "$3" = yes ] && mkdir "$1/tried-$2" 2> /dev/null; then exit 3; fi; ' +
  'sleep 0.5; echo "$2" > "$1/.$2.$$"; mv "$1/.$2.$$" "$1/$2"';
/** Fails when what it waits for has not been done; no second try. */
const joins =
  'notes=$1; name=$2; shift 2; cd "$notes" && cat "$@" > ".$name" && mv ".$name" "$name"';

/** Leaves; what waits for some of them each; what waits for all of those. */
function ensemble(notes: string): Job[] {
  const fast = { walltimeSeconds: 60 };
  const names = Array.from({ length: leaves }, (_, n) => `leaf-${n}`);
  const wait = (name: string, first: number, count: number, parents: string[]): Job => ({
    label: name,
    command: ['sh', '-c', joins, 'x', notes, name, ...parents],
    parents: Array.from({ length: count }, (_, n) => first + n),
    resources: fast,
  });
  return [
    ...names.map((name, n): Job => ({
      label: name,
      command: ['sh', '-c', leaf, 'x', notes, name, n % 3 === 0 ? 'yes' : 'no'],
      onError: { retries: 2, delaySeconds: 0.1, exitCodes: [3] },
      resources: fast,
    })),
    ...Array.from({ length: middles }, (_, n) => {
      const first = n * together;
      return wait(`middle-${n}`, first, together, names.slice(first, first + together));
    }),
    wait(
      'top',
      leaves,
      middles,
      Array.from({ length: middles }, (_, n) => `middle-${n}`),
    ),
  ];
}

describe(`kill -9 of anything while ensembles run (INTERPULSE_SEED=${seed})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ip-ensemble-'));
  const submitted: { notes: string; jobIds: string[] }[] = [];
  let facility: Facility | undefined;
  const running = (): Facility => facility ?? assert.fail('the facility did not start');

  const submit = async () => {
    const notes = join(folder, `notes-${submitted.length}`);
    mkdirSync(notes);
    const jobs = ensemble(notes);
    const body = { jobs, ensemble: { label: `round ${submitted.length}` } };
    const { jobIds } = await unwrap(running().client.POST('/api/v1/jobs', { body }));
    submitted.push({ notes, jobIds });
  };
  const counts = async (): Promise<Partial<Record<string, number>>> => {
    const query = { project: 'demo' };
    const found = await unwrap(running().client.GET('/api/v1/jobs/counts', { params: { query } }));
    return found.counts;
  };

  before(async () => {
    facility = await startFacility({
      folder: join(folder, 'facility'),
      agents: sites.map((site) => {
        const root = join(folder, `${site}-scratch`);
        mkdirSync(root);
        const pools = [{ settings: { minWarm: 1, maxPilots: 2 } }];
        const scratchCollection = `${site}-scratch`;
        const compute = { cores: 2, scratchCollection, allowsCommands: true, pools };
        const collections = [{ name: scratchCollection, root }];
        return { site, config: { compute, collections, endPilots: true } };
      }),
    });
    await until('two warm pilots', 90, async () => {
      const query = { alive: 'true' };
      const { items } = await unwrap(running().client.GET('/api/v1/pilots', { params: { query } }));
      return items.filter(({ state }) => state === 'running').length === 2;
    });
    await submit();
  });
  after(async () => {
    await facility?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  it('every job is done once, after its parents, and tried again as often as it may', async () => {
    const random = randomFromSeed(seed);
    const mortal = victims.filter((victim) => victim !== 'beamline');
    for (let round = 1; round <= rounds; round += 1) {
      if (round % 3 === 0) await submit();
      await new Promise((resolve) => setTimeout(resolve, random() * 1000));
      const victim = mortal[(round + seed) % mortal.length] ?? 'hub';
      console.log(`round ${round}: kill -9 ${victim}`);
      await killAndRestart(running(), victim, random);
    }
    const all = submitted.flatMap(({ jobIds }) => jobIds);
    await until('the end of all jobs', 120, async () => {
      const { completed = 0, failed = 0, canceled = 0 } = await counts();
      return completed + failed + canceled === all.length;
    }).catch(async (cause: unknown) => {
      throw new Error(`not all have ended: ${JSON.stringify(await counts())}`, { cause });
    });
    const { client } = running();
    for (const jobId of all) {
      const params = { path: { jobId } };
      const { job, attempts } = await unwrap(client.GET('/api/v1/jobs/{jobId}', { params }));
      assert.equal(job.state, 'completed', `${jobId} ${job.label}: ${job.reason}`);
      const outcomes = attempts.map(({ outcome }) => outcome);
      assert.equal(
        outcomes.filter((outcome) => outcome === 'completed').length,
        1,
        outcomes.join(', '),
      );
      assert.equal(outcomes.at(-1), 'completed');
      const failures = outcomes.filter((outcome) => outcome === 'failed').length;
      const mayFail = /^leaf-\d+$/.test(job.label) && Number(job.label.slice(5)) % 3 === 0;
      // A first attempt that was lost before its word was heard is no failure.
      assert.ok(failures <= (mayFail ? 1 : 0), `${job.label}: ${outcomes.join(', ')}`);
    }
    const wanted = Array.from({ length: leaves }, (_, n) => `leaf-${n}\n`).join('');
    for (const { notes } of submitted) {
      assert.equal(readFileSync(join(notes, 'top'), 'utf8'), wanted);
    }
  });

  it('leaves no process behind', async () => {
    await running().stop();
    await until('all processes to end', 30, async () => findProcesses(folder).length === 0).catch(
      () => assert.deepEqual(findProcesses(folder), []),
    );
  });
});
