import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { paths } from '@interpulse/api/client/schema.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startQuietProvider, type QuietProvider } from './quiet-provider.ts';
import { startSmallFacility, type SmallFacility } from './small-facility.ts';

type TriggerPut = paths['/api/v1/triggers/{trigger}']['put'];
type TriggerBody = NonNullable<TriggerPut['requestBody']>['content']['application/json'];

const hourSeconds = 3600;
/** What happens at a step must have happened so long after it, in seconds. */
const soonSeconds = 25;
const pass = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } };

/** A flow of one action. What an hour ends, ends with the clock that is set forward by one. */
function action(ActionUrl: string, Parameters: object): object {
  const One = { Type: 'Action', ActionUrl, Parameters, WaitTime: 2 * hourSeconds, End: true };
  return { StartAt: 'One', States: { One } };
}

const work = 'interpulse:compute';
const workInput = { app: 'work', inputs: { 'file.$': '$.input.file' } };

/** Whose clocks are set, and to how far from the right time. */
const steps = [
  { who: ['hub'], offSeconds: hourSeconds },
  { who: ['hub'], offSeconds: 0 },
  { who: ['beamline', 'alpha'], offSeconds: hourSeconds },
  { who: ['beamline', 'alpha'], offSeconds: 0 },
];

describe('clocks that are set forward and back by an hour while everything is at work', () => {
  let clocks = '';
  let provider: QuietProvider;
  let small: SmallFacility;
  let shots = 0;

  before(async () => {
    clocks = await mkdtemp(join(tmpdir(), 'ip-clocks-'));
    provider = await startQuietProvider();
    const preload = new URL('./stepped-clock.ts', import.meta.url);
    const environment = {
      INTERPULSE_TEST_CLOCKS: clocks,
      NODE_OPTIONS: `--import=${preload.href}`,
    };
    const hub = { providers: [{ url: `${provider.url}/` }] };
    small = await startSmallFacility({ environment, hub });
    const { client } = small.facility;
    const flows = { pass, asks: action(provider.url, {}), work: action(work, workInput) };
    for (const [flow, definition] of Object.entries(flows)) {
      const body = { definition: { ...definition }, project: 'demo' };
      await unwrap(client.PUT('/api/v1/flows/{flow}', { params: { path: { flow } }, body }));
    }
    const every = { cron: '*/2 * * * * *', timeZone: 'UTC', catchUp: 'none' as const };
    const rate = { most: 1, perSeconds: 2, beyond: 'queue' as const };
    const shot = { kind: 'file' as const, instrument: 'machine', pattern: '/raw/*.txt' };
    await saveTrigger(small, 'ticks', { source: { kind: 'schedule', ...every } });
    await saveTrigger(small, 'queued', { source: shot, rateLimit: rate });
  });
  after(async () => {
    await small?.facility.stop();
    await provider?.close();
    rmSync(clocks, { recursive: true, force: true });
    if (small) await rm(small.facility.folder, { recursive: true, force: true });
  });

  const setClock = (who: string, offSeconds: number): void => {
    writeFileSync(join(clocks, 'next'), String(offSeconds));
    renameSync(join(clocks, 'next'), join(clocks, `${who}.clock`));
  };
  /** Starts a flow run whose action is under way, asked for news again and again. */
  const askOutside = async (): Promise<string> => {
    const asked = provider.begun();
    const body = { flow: 'asks', input: {}, project: 'demo' };
    const { id } = await unwrap(small.facility.client.POST('/api/v1/flow-runs', { body }));
    await until('the question outside', 15, async () => provider.begun() === asked + 1);
    return id;
  };

  for (const { who, offSeconds } of steps) {
    const how = offSeconds > 0 ? 'forward' : 'back';
    it(`${who.join(' and ')} set ${how}: nothing stalls, nothing storms`, async () => {
      const asked = await askOutside();
      const ticksBefore = (await countsOf(small, 'ticks')).fired;
      // Two at once: one of them waits for room under the rate limit while the clock is set.
      await small.takeShot((shots += 1));
      await until('a first one', 15, async () => (await countsOf(small, 'queued')).fired === shots);
      await small.takeShot((shots += 1));
      const setMs = Date.now();
      for (const each of who) setClock(each, offSeconds);
      const seconds = (): string => ((Date.now() - setMs) / 1000).toFixed(1);
      const ends: Record<string, string> = {};
      const soon = (what: string, ask: () => Promise<boolean>) =>
        until(what, soonSeconds, ask).then(() => (ends[what] = seconds()));
      provider.endAll();
      await Promise.all([
        soon('answers', async () => {
          const runs = await runsOf(small, 'work');
          return runs.filter(({ status }) => status === 'SUCCEEDED').length === shots;
        }),
        soon('rate', async () => (await countsOf(small, 'queued')).fired === shots),
        soon('ticks', async () => (await countsOf(small, 'ticks')).fired >= ticksBefore + 2),
        soon('news', async () => {
          const runs = await runsOf(small, 'asks');
          return runs.find(({ id }) => id === asked)?.status === 'SUCCEEDED';
        }),
      ]).finally(() => console.log(`${who.join(' and ')} ${how}: ${JSON.stringify(ends)}`));
      const ticks = (await countsOf(small, 'ticks')).fired - ticksBefore;
      // Those of the last minute are made up for; of an hour there would be 1,800.
      const most = 32 + (Date.now() - setMs) / 2000;
      assert.ok(ticks <= most, `${ticks} instants fired`);
    });
  }

  it('a site that vanishes is noticed though the clock was set back', async () => {
    setClock('hub', -hourSeconds);
    await small.facility.kill('beta');
    const params = { path: { site: 'beta' } };
    const { client } = small.facility;
    await until('beta to be silent', 40, async () => {
      const { status } = await unwrap(client.GET('/api/v1/sites/{site}', { params }));
      return status === 'silent';
    });
  });

  it('each shot had one flow run and one job', async () => {
    const runs = await runsOf(small, 'work');
    const numbers = runs.map(({ shotNumber }) => shotNumber ?? 0);
    assert.equal(new Set(numbers).size, shots);
    assert.equal(numbers.length, shots);
    const query = { app: 'work', limit: 200 };
    const { client } = small.facility;
    const jobs = await unwrap(client.GET('/api/v1/jobs', { params: { query } }));
    assert.equal(jobs.items.length, shots);
    assert.ok(jobs.items.every(({ attempt }) => attempt <= 2));
  });
});

async function saveTrigger(
  { facility }: SmallFacility,
  trigger: string,
  fields: Pick<TriggerBody, 'source' | 'rateLimit'>,
): Promise<void> {
  const body = { ...fields, flowName: 'pass', project: 'demo' };
  const params = { path: { trigger } };
  await unwrap(facility.client.PUT('/api/v1/triggers/{trigger}', { params, body }));
}

async function countsOf({ facility }: SmallFacility, trigger: string) {
  const params = { path: { trigger } };
  const { client } = facility;
  return (await unwrap(client.GET('/api/v1/triggers/{trigger}', { params }))).counts;
}

async function runsOf({ facility }: SmallFacility, flow: string) {
  const query = { flow, limit: 200 };
  const { client } = facility;
  return (await unwrap(client.GET('/api/v1/flow-runs', { params: { query } }))).items;
}
