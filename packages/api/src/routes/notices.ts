import { z } from 'zod';
import { noticeSettingsSchema } from '@interpulse/domain/notice/notice-rule.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import type { RouteContracts } from './contract.ts';

/** Where the caller hears of things, how that goes, and what this hub can send to. */
export const ownNoticesSchema = z.strictObject({
  ...noticeSettingsSchema.shape,
  /** Of each place in `to`. */
  standings: z.array(
    z.strictObject({
      place: z.string(),
      lastSentAt: instantSchema.nullable(),
      /** Why the newest message was not sent; null when it was. */
      lastError: z.string().nullable(),
      /** Notices that are still to be sent, and when they are. */
      waiting: z.number().int(),
      dueAt: instantSchema.nullable(),
    }),
  ),
  ways: z.strictObject({
    mail: z.boolean(),
    /** Domains to which mail may go; null for all. */
    mailDomains: z.array(z.string()).nullable(),
    chats: z.array(z.string()),
    webhookHosts: z.array(z.string()),
    webhookSecrets: z.array(z.string()),
  }),
});

/** Notices: who is told of flow runs, and where. */
export const noticeRoutes = {
  getNotices: {
    method: 'GET',
    path: '/me/notices',
    tag: 'flows',
    summary: 'Where the caller hears of flow runs of its own or that it manages, and of which',
    auth: 'token',
    response: ownNoticesSchema,
  },
  changeNotices: {
    method: 'PATCH',
    path: '/me/notices',
    tag: 'flows',
    summary: 'Sets where the caller hears of flow runs, and of which; what is left out stays',
    auth: 'token',
    body: noticeSettingsSchema.partial(),
    response: ownNoticesSchema,
  },
  testNotices: {
    method: 'POST',
    path: '/me/notices/test',
    tag: 'flows',
    summary: 'Sends a test to every place of the caller; `getNotices` says whether it was taken',
    auth: 'token',
    response: ownNoticesSchema,
  },
} as const satisfies RouteContracts;
