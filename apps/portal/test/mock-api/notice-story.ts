import type { RouteOutput } from '@interpulse/api/routes/all-routes.ts';

/** Where ada hears of things at first: the hub sends mail to its own people, and has a room. */
export const noticesAtFirst: RouteOutput<'getNotices'> = {
  to: [],
  on: ['failed', 'late', 'waiting', 'paused'],
  standings: [],
  ways: {
    mail: true,
    mailDomains: ['example.org'],
    chats: ['control-room'],
    webhookHosts: [],
    webhookSecrets: [],
  },
};
