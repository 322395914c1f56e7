import type { noticeRoutes } from '@interpulse/api/routes/notices.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Notice } from '@interpulse/domain/notice/notice.ts';
import {
  findNoticeSettings,
  saveNoticeSettings,
} from '@interpulse/store/notices/notice-settings.ts';
import { placeStandings } from '@interpulse/store/notices/send-notices.ts';
import { insertNotices } from '@interpulse/store/notices/write-notices.ts';
import { topics } from '../../hub.ts';
import { checkPlaces } from '../../notices/check-places.ts';
import type { Call, Handlers } from '../handler.ts';

/** Where people hear of flow runs. */
export const noticeHandlers: Handlers<keyof typeof noticeRoutes> = {
  getNotices: (_, call) => ownNotices(call),

  async changeNotices({ body }, call) {
    const { hub, who } = call;
    if (body.to !== undefined) await checkPlaces(hub, [{ to: body.to }], (_, n) => ['to', n]);
    await hub.transaction(async (tx) => {
      const before = await findNoticeSettings(tx, who.id);
      const to = [...new Set(body.to ?? before.to)];
      await saveNoticeSettings(tx, who.id, { to, on: [...new Set(body.on ?? before.on)] });
      tx.notify([topics.notices]);
    });
    return ownNotices(call);
  },

  async testNotices(_, call) {
    const { hub, who } = call;
    const { to } = await findNoticeSettings(hub.db, who.id);
    if (to.length === 0) throw new DomainError('conflict', 'there is no place to send a test to');
    const now = hub.now();
    const about = hub.newId('notice');
    const subject = `test:${who.name}`;
    await hub.transaction(async (tx) => {
      const notices = to.map((place) => ({ place, subject, about, notice: testNotice(now) }));
      await insertNotices(tx, notices, now);
      tx.notify([topics.notices]);
    });
    return ownNotices(call);
  },
};

async function ownNotices({ hub, who }: Call) {
  const settings = await findNoticeSettings(hub.db, who.id);
  const { mail, chats, webhooks } = hub.messages;
  return {
    ...settings,
    standings: await placeStandings(hub.db, settings.to),
    ways: {
      mail: mail !== null,
      mailDomains: mail?.domains ?? null,
      chats: Object.keys(chats),
      webhookHosts: webhooks.hosts,
      webhookSecrets: Object.keys(webhooks.secrets),
    },
  };
}

function testNotice(at: string): Notice {
  const nothing = { project: null, flow: null, flowRunId: null, trigger: null, question: null };
  const none = { label: '', reason: null, deadlineAt: null, endedAt: null };
  return { occasion: 'test', at, ...nothing, ...none };
}
