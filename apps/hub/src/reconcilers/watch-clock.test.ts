import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addSeconds, secondsBetween } from '@interpulse/domain/time.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { lastNotedAt } from '@interpulse/store/bring-instants-back.ts';
import { findSite } from '@interpulse/store/sites/read-sites.ts';
import { noteSiteSeen } from '@interpulse/store/sites/watch-sites.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { createClockWatch } from './watch-clock.ts';

describe('the watch of the clock', () => {
  let hub: TestHub;
  let siteId = '';

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    await hub.enrol('centre');
    siteId = (await findSite(hub.hub.db, 'centre'))?.id ?? '';
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });

  /** A watch with clocks of its own, what it told others, and how far the database is ahead. */
  const watch = (beforeRead: () => Promise<void> = async () => undefined) => {
    const clocks = { wallSeconds: 0, steadySeconds: 0 };
    let told = 0;
    const startAt = hub.hub.now();
    const now = () => addSeconds(startAt, clocks.wallSeconds);
    const announce = (): void => void (told += 1);
    const query = async (text: string): Promise<unknown> => {
      await beforeRead();
      return hub.hub.db.query(text);
    };
    const db = Object.create(hub.hub.db, {
      announce: { value: announce },
      query: { value: query },
    }) as typeof hub.hub.db;
    const look = createClockWatch({ ...hub.hub, db, now }, () => clocks.steadySeconds * 1000);
    const goOn = async (wallSeconds: number, steadySeconds: number): Promise<number> => {
      clocks.wallSeconds += wallSeconds;
      clocks.steadySeconds += steadySeconds;
      await look();
      return told;
    };
    const note = (seconds: number) => noteSiteSeen(hub.hub.db, siteId, addSeconds(now(), seconds));
    const ahead = async () => secondsBetween(now(), (await lastNotedAt(hub.hub.db)) ?? now());
    return { goOn, note, ahead, clocks };
  };

  test('leaves all while the clock goes as time does, and when it is set forward', async () => {
    const { goOn, note, ahead } = watch();
    await note(-1);
    assert.equal(await goOn(0, 0), 0);
    await note(500);
    assert.equal(await goOn(10, 10), 0);
    assert.equal(await goOn(10, 11), 0);
    assert.equal(await ahead(), 480);
    assert.equal(await goOn(3600, 2), 1, 'all look at the clock anew');
  });

  test('brings back what a clock noted that was set back', async () => {
    const { goOn, note, ahead } = watch();
    await note(-1);
    await goOn(0, 0);
    await note(0);
    assert.equal(await goOn(-3600, 2), 1);
    assert.ok((await ahead()) <= 0, `${await ahead()} s ahead`);
    assert.equal(await goOn(2, 2), 1, 'once');
  });

  test('also when that was done while no hub was at work', async () => {
    const { goOn, note, ahead } = watch();
    await note(3600);
    assert.equal(await goOn(0, 0), 1);
    assert.ok((await ahead()) <= 0, `${await ahead()} s ahead`);
  });

  test('a database that answers late is no clock that was set', async () => {
    const { goOn, note, clocks } = watch(async () => {
      clocks.wallSeconds += 5;
      clocks.steadySeconds += 5;
      await note(0);
    });
    assert.equal(await goOn(0, 0), 0, 'another hub went on noting meanwhile');
    assert.equal(await goOn(1, 1), 0, 'nor does the next look count those seconds');
  });
});
