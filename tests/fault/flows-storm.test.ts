import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startSmallFacility, type SmallFacility } from './small-facility.ts';

const files = Number(process.env['INTERPULSE_FILES'] ?? 600);
/** The trigger of the facility itself, and two more. */
const triggers = ['shots', 'second', 'third'];

const pass = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } };

describe('a storm of files', () => {
  let small: SmallFacility;

  before(async () => {
    small = await startSmallFacility();
    await saveFlow('work', pass);
    for (const name of triggers.slice(1)) await saveTrigger(name, watched);
  });
  after(async () => {
    await small?.facility.stop();
    if (small) await rm(small.facility.folder, { recursive: true, force: true });
  });

  const watched = { kind: 'file' as const, instrument: 'machine', pattern: '/raw/*.txt' };
  const saveFlow = async (flow: string, definition: object): Promise<void> => {
    const params = { path: { flow } };
    const body = { definition: { ...definition }, project: 'demo' };
    await unwrap(small.facility.client.PUT('/api/v1/flows/{flow}', { params, body }));
  };
  const saveTrigger = async (trigger: string, source: typeof watched): Promise<void> => {
    const params = { path: { trigger } };
    const body = { source, flowName: 'work', project: 'demo' };
    await unwrap(small.facility.client.PUT('/api/v1/triggers/{trigger}', { params, body }));
  };
  /** Each shot of the flow runs that a trigger started. */
  const shotsOf = async (trigger: string): Promise<number[]> => {
    const shots: number[] = [];
    let cursor: string | undefined;
    do {
      const query = { trigger, limit: 200, ...(cursor === undefined ? {} : { cursor }) };
      const { client } = small.facility;
      const page = await unwrap(client.GET('/api/v1/flow-runs', { params: { query } }));
      shots.push(...page.items.map(({ shotNumber }) => shotNumber ?? 0));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return shots;
  };

  it(`${files} files at once start one flow run each at each of three triggers`, async () => {
    await Promise.all(Array.from({ length: files }, (_, index) => small.takeShot(index + 1)));
    await until('the flow runs', 120, async () => {
      const { items: all } = await unwrap(small.facility.client.GET('/api/v1/triggers', {}));
      return all.length === triggers.length && all.every(({ counts }) => counts.fired >= files);
    });
    for (const trigger of triggers) {
      const shots = (await shotsOf(trigger)).toSorted((a, b) => a - b);
      const wanted = Array.from({ length: files }, (_, index) => index + 1);
      assert.deepEqual(shots, wanted, trigger);
    }
  });
});
