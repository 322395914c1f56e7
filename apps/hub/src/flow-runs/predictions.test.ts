import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FlowRun, FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { addSeconds, secondsBetween } from '@interpulse/domain/time.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const waitFor = (SecondsPath: string) => ({ Type: 'Wait', SecondsPath, End: true });
const branch = (name: string, SecondsPath: string) => ({
  StartAt: name,
  States: { [name]: waitFor(SecondsPath) },
});
const race = {
  StartAt: 'Race',
  States: {
    Race: {
      Type: 'Parallel',
      CompleteWhen: 'First',
      Branches: [branch('Near', '$.near'), branch('Far', '$.far')],
      ResultPath: '$.race',
      End: true,
    },
  },
};
const survey = {
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 2,
      ItemProcessor: branch('Work', '$.seconds'),
      ResultPath: '$.done',
      End: true,
    },
  },
};

describe('what is inside Parallel and Map states', () => {
  let hub: TestHub;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    for (const [name, definition] of Object.entries({ race, survey })) {
      await hub.saveFlow(name, definition);
    }
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });

  const start = async (flow: string, input: JsonObject, fields: object = {}) => {
    return hub.startFlow(flow, input, fields);
  };
  const read = async (id: string) =>
    (await hub.send('GET', `/flow-runs/${id}`)).body as unknown as {
      flowRun: FlowRun;
      steps: FlowStep[];
    };
  const end = (id: string) =>
    until('the end', async () => {
      const found = await read(id);
      return found.flowRun.endedAt === null ? undefined : found;
    });

  test('is learned of who won: a race says what the loser would have needed', async () => {
    await end(await start('race', { near: 0.05, far: 60 }));
    // That there is nothing to learn from is asked anew after a second.
    const left = await until('a prediction', async () => {
      const { steps } = await end(await start('race', { near: 60, far: 0.05 }));
      const { others } = (steps[0]?.result ?? {}) as unknown as {
        others: { index: number; predicted_seconds_left: number | null }[];
      };
      return others[0]?.predicted_seconds_left ?? undefined;
    });
    assert.ok(left >= 0 && left < 5, String(left));
  });

  test('is counted: a Map with more items is expected to take longer', async () => {
    const items = (count: number, seconds: number) =>
      Array.from({ length: count }, () => ({ seconds }));
    await end(await start('survey', { items: items(2, 0.5) }));
    const deadlineAt = addSeconds(new Date().toISOString(), 3600);
    const seconds = await until('a prediction', async () => {
      const id = await start('survey', { items: items(40, 30) }, { deadlineAt });
      const { flowRun } = await read(id);
      await hub.send('POST', `/flow-runs/${id}/cancel`, {});
      const { startedAt, predictedFinishAt } = flowRun;
      return predictedFinishAt === null ? undefined : secondsBetween(startedAt, predictedFinishAt);
    });
    // Twenty rounds of half a second each.
    assert.ok(seconds > 9 && seconds < 14, String(seconds));
  });
});
