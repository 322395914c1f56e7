import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';
import type pg from 'pg';
import { watchPlanAges } from './plan-ages.ts';
import { silentLog } from './store-log.ts';

const megabyte = 1_048_576;

/** Plans over tables whose sizes the test sets, and a connection that counts what drops them. */
function plansOver(sizes: Record<string, number>) {
  mock.timers.enable({ apis: ['setInterval'] });
  let looks = 0;
  const query = async <Row>(): Promise<Row[]> => {
    looks += 1;
    return Object.entries(sizes).map(([name, bytes]) => ({ name, bytes })) as Row[];
  };
  const ages = watchPlanAges(query, silentLog);
  const clientOf = (dropped: string[]) =>
    ({ query: async (text: string) => dropped.push(text) }) as unknown as pg.ClientBase;
  const lookAgain = async (): Promise<void> => {
    mock.timers.tick(1000);
    await Promise.resolve();
  };
  const end = (): void => {
    ages.close();
    mock.timers.reset();
  };
  return { ages, clientOf, lookAgain, looks: () => looks, end };
}

describe('plans that are made once', () => {
  test('are made anew by each connection when a table has doubled, and not before', async () => {
    const sizes = { jobs: megabyte };
    const { ages, clientOf, lookAgain, end } = plansOver(sizes);
    const dropped: string[] = [];
    const client = clientOf(dropped);
    ages.renew(client);
    await lookAgain();
    sizes.jobs = 1.9 * megabyte;
    ages.renew(client);
    await lookAgain();
    ages.renew(client);
    const first = dropped.length;
    sizes.jobs = 2.1 * megabyte;
    await lookAgain();
    ages.renew(client);
    ages.renew(client);
    const second = dropped.length - first;
    const others: string[] = [];
    ages.renew(clientOf(others));
    end();
    assert.equal(second, 1);
    assert.deepEqual(new Set(dropped), new Set(['discard plans']));
    assert.deepEqual(others, []); // it has none yet
  });

  test('are kept while tables are small, and while nothing is asked', async () => {
    const sizes = { jobs: 8192 };
    const { ages, clientOf, lookAgain, end } = plansOver(sizes);
    const dropped: string[] = [];
    const client = clientOf(dropped);
    const useOften = (): void => {
      for (let n = 0; n < 100; n += 1) ages.renew(client);
    };
    useOften();
    await lookAgain();
    sizes.jobs = 65_536;
    useOften();
    await lookAgain();
    useOften();
    await lookAgain();
    sizes.jobs = 10 * megabyte;
    await lookAgain();
    const before = dropped.length;
    useOften();
    await lookAgain();
    ages.renew(client);
    end();
    assert.equal(before, 0);
    assert.deepEqual(dropped, ['discard plans']);
  });

  test('sizes are looked up ever more rarely while little is asked, and then soon', async () => {
    const { ages, clientOf, lookAgain, looks, end } = plansOver({ jobs: megabyte });
    const client = clientOf([]);
    const lookedAfter: number[] = [];
    for (let second = 1; second <= 80; second += 1) {
      const before = looks();
      ages.renew(client);
      await lookAgain();
      if (looks() > before) lookedAfter.push(second);
    }
    for (let n = 0; n < 100; n += 1) ages.renew(client);
    const before = looks();
    await lookAgain();
    end();
    assert.deepEqual(lookedAfter, [1, 3, 7, 15, 31, 61]);
    assert.equal(looks() - before, 1);
  });
});
