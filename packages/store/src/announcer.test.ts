import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { QueryConfig } from 'pg';
import { createAnnouncer } from './announcer.ts';
import { silentLog } from './store-log.ts';

/** An announcer over a database in which other hubs live or not; and what was asked of it. */
function announcerWith({ othersLive, meanwhile }: { othersLive: boolean; meanwhile?: () => void }) {
  const asked: string[] = [];
  const query = async <Row>({ name = '' }: QueryConfig): Promise<Row[]> => {
    asked.push(name);
    if (name === 'others_live') meanwhile?.();
    return name === 'others_live' ? ([{ othersLive }] as Row[]) : [];
  };
  return { asked, announcer: createAnnouncer('0123456789ab', query, silentLog) };
}

describe('what a hub announces', () => {
  test('is sent when others live, and whether they do is not asked for each time', async () => {
    const { asked, announcer } = announcerWith({ othersLive: true });
    for (const topic of ['one', 'two']) {
      announcer.announce([topic]);
      await announcer.flush();
    }
    assert.deepEqual(asked, ['others_live', 'interpulse_notify', 'interpulse_notify']);
  });

  test('is not sent by a hub that is alone, but at once when it hears of another', async () => {
    const { asked, announcer } = announcerWith({ othersLive: false });
    for (const topic of ['one', 'two']) {
      announcer.announce([topic]);
      await announcer.flush();
    }
    assert.deepEqual(asked, ['others_live']);
    announcer.noteOther();
    announcer.announce(['three']);
    await announcer.flush();
    assert.deepEqual(asked, ['others_live', 'interpulse_notify']);
  });

  test('is sent to one that is heard while it is asked whether others live', async () => {
    const { asked, announcer } = announcerWith({
      othersLive: false,
      meanwhile: () => announcer.noteOther(),
    });
    announcer.announce(['one']);
    await announcer.flush();
    assert.deepEqual(asked, ['others_live', 'interpulse_notify']);
  });
});
