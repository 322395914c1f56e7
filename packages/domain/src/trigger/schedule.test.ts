import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { addSeconds } from '../time.ts';
import { planSchedule } from './plan-schedule.ts';
import { isTimeZone, nextScheduled, scheduledBetween, scheduleProblem } from './schedule.ts';
import type { SourceOf } from './trigger-source.ts';

const berlin = (cron: string) => ({ cron, timeZone: 'Europe/Berlin' });

describe('schedules', () => {
  test('follow the clock of their zone over the change of the hour', () => {
    const spring = '2026-03-27T12:00:00.000Z';
    assert.deepEqual(
      scheduledBetween(berlin('30 2 * * *'), spring, '2026-03-31T00:00:00.000Z', 9),
      // In the night to the 29th there is no half past two: it is three o'clock.
      ['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    );
    const autumn = '2026-10-24T12:00:00.000Z';
    assert.deepEqual(
      scheduledBetween(berlin('30 2 * * *'), autumn, '2026-10-26T12:00:00.000Z', 9),
      ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    );
    const hours = scheduledBetween(
      berlin('0 * * * *'),
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T22:00:00.000Z',
      99,
    );
    assert.equal(hours.length, 25);
  });

  test('what is no expression, no zone, or never due is told', () => {
    assert.equal(scheduleProblem('30 2 * * 1-5'), null);
    assert.equal(scheduleProblem('*/10 * * * * *'), null);
    assert.equal(scheduleProblem('@daily'), null);
    for (const cron of ['', 'now', '61 * * * *', '0 0 31 2 *', '2026-01-01T00:00:00', '@reboot']) {
      assert.equal(typeof scheduleProblem(cron), 'string', cron);
    }
    assert.ok(isTimeZone('America/Los_Angeles'));
    assert.ok(!isTimeZone('Mars/Olympus'));
  });

  const crons = fc.constantFrom(
    '* * * * *',
    '7 */3 * * *',
    '0 3 * * 1',
    '30 2 1 * *',
    '5 5 29 2 *',
  );
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
  const instants = fc
    .integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) })
    .map((at) => new Date(at).toISOString());

  test('the next instant is later, and none lies between', () => {
    fc.assert(
      fc.property(crons, zones, instants, (cron, timeZone, after) => {
        const next = nextScheduled({ cron, timeZone }, after);
        if (next === null) return;
        assert.ok(next > after);
        assert.equal(nextScheduled({ cron, timeZone }, addSeconds(next, -0.001)), next);
      }),
      { numRuns: 200 },
    );
  });

  test('every instant of the time is fired or missed, once', () => {
    const ways = fc.constantFrom('none' as const, 'last' as const, 'all' as const);
    const away = fc.integer({ min: 0, max: 40 * 3600 });
    fc.assert(
      fc.property(ways, instants, away, (catchUp, start, seconds) => {
        const source: SourceOf<'schedule'> = {
          kind: 'schedule',
          cron: '17 * * * *',
          timeZone: 'Europe/Berlin',
          catchUp,
        };
        const dueAt = nextScheduled(source, start);
        const now = addSeconds(start, seconds);
        const plan = planSchedule(source, dueAt, now);
        const all = scheduledBetween(source, addSeconds(start, 0.001), now, 999);
        assert.equal(plan.fire.length + (plan.missed?.count ?? 0), all.length);
        assert.deepEqual(plan.fire, all.slice(all.length - plan.fire.length));
        assert.equal(plan.missed?.last, all.at(-1 - plan.fire.length));
        if (catchUp === 'all') assert.equal(plan.missed, null);
        if (catchUp === 'last') assert.equal(plan.fire.length, Math.min(1, all.length));
        if (catchUp === 'none') {
          assert.ok(plan.fire.every((at) => at >= addSeconds(now, -60)));
        }
        assert.ok(plan.nextDueAt !== null && plan.nextDueAt > now);
      }),
      { numRuns: 200 },
    );
  });

  test('a hub that was away for months catches up a bounded number', () => {
    const source: SourceOf<'schedule'> = {
      kind: 'schedule',
      cron: '* * * * *',
      timeZone: 'UTC',
      catchUp: 'all',
    };
    const plan = planSchedule(source, '2026-01-01T00:00:00.000Z', '2026-06-01T00:00:30.000Z');
    assert.equal(plan.missed?.count, 1000 + 161 - 101);
    assert.equal(plan.fire.length, 101);
    assert.equal(plan.fire.at(-1), '2026-06-01T00:00:00.000Z');
    assert.equal(plan.fire[0], '2026-05-31T22:20:00.000Z');
  });
});
