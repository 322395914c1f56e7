import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareStrategies } from './compare-strategies.ts';
import { drawArrivals } from './draw-arrivals.ts';
import { publishedFacility } from './published-facility.ts';
import { simulateDay } from './simulate-day.ts';

const seed = Math.floor(Math.random() * 2 ** 31);

test(`earliest finish does more by the deadline, the backlog no less (seed ${seed})`, () => {
  for (let next = seed; next < seed + 2; next += 1) {
    const it = compareStrategies(next, 2.25);
    const { roundRobin, shortestBacklog, earliestFinish } = it;
    const done = [roundRobin, shortestBacklog, earliestFinish].map(({ inTime }) => inTime);
    const said = `seed ${next}: ${done.join(', ')} in time`;
    assert.ok(it.backlogOverRoundRobin >= 1, said);
    // The median of many days has to reach 1.1; one short day may fall below it.
    assert.ok(it.finishOverBacklog >= 1.05, said);
  }
});

test('nothing is lost or doubled, and the same seed is the same day', () => {
  const arrivals = drawArrivals(seed, 0.5);
  for (const strategy of ['roundRobin', 'shortestBacklog', 'earliestFinish'] as const) {
    const day = simulateDay(arrivals, strategy, seed);
    assert.equal(day.arrived, arrivals.length);
    assert.equal(day.ended, arrivals.length);
    assert.ok(day.inTime <= day.ended);
    assert.deepEqual(simulateDay(arrivals, strategy, seed), day);
  }
});

test('with nothing to wait for, jobs take about as long as was published', () => {
  const [first] = drawArrivals(seed, 1);
  assert.ok(first);
  // One an hour: each is alone, and its deadline cannot be missed.
  const alone = Array.from({ length: 400 }, (_, hour) => ({
    ...first,
    source: 'aps',
    runNormal: 0,
    outNormal: 0,
    atSeconds: hour * 3600,
    deadlineSeconds: (hour + 1) * 3600,
  }));
  const { meanSeconds, inTime } = simulateDay(alone, 'roundRobin', seed);
  assert.equal(inTime, alone.length);
  // Medians of the totals of the APS: 140.7, 99.6 and 133.7 s; transfers scatter to the long side.
  const published = (140.7 + 99.6 + 133.7) / 3;
  assert.ok(Math.abs(meanSeconds / published - 1) < 0.05, `${meanSeconds} s`);
  assert.equal(publishedFacility.sites.length, 3);
});
