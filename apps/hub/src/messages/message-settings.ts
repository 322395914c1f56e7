import { z } from 'zod';
import { nameSchema } from '@interpulse/domain/location.ts';

/** A name of a host, `*.` before it for all below it; with `:port` only that port. */
const hostSchema = z
  .string()
  .max(300)
  .regex(/^(\*\.)?[a-z0-9.-]+(:\d+)?$/, 'write a host as "example.org", "*.example.org", "h:8080"');

/** Through which server mail goes. */
const mailSettingsSchema = z.strictObject({
  server: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(587),
  /** `starttls` refuses a server without it; `none` is for a server on this machine. */
  security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
  from: z.email(),
  user: z.string().nullable().default(null),
  /** Read at each mail, so that a new password needs no restart. */
  passwordFile: z.string().nullable().default(null),
  /** Domains to which mail may go; null for all. */
  domains: z
    .array(z.string().regex(/^[a-z0-9.-]+$/, 'write a domain in lower case, as example.org'))
    .nullable()
    .default(null),
});

/** How the hub's messages reach people and programs; secrets stand in files, not here. */
export const messageSettingsSchema = z.strictObject({
  /** Null: no mail is sent. */
  mail: mailSettingsSchema.nullable().default(null),
  /** Rooms of Slack, Mattermost or Teams by name: the file has the webhook's address. */
  chats: z
    .record(
      nameSchema,
      z.strictObject({
        urlFile: z.string().min(1),
        /** `text` is what Slack, Mattermost and others take. */
        kind: z.enum(['text', 'teams']).default('text'),
      }),
    )
    .default({}),
  webhooks: z
    .strictObject({
      /** Where webhooks may go; nowhere without one. Plain http only where the port is named. */
      hosts: z.array(hostSchema).default([]),
      /** Files with the secrets that sign webhooks, by name. */
      secrets: z.record(nameSchema, z.strictObject({ file: z.string().min(1) })).default({}),
    })
    .prefault({}),
});

/** See {@link messageSettingsSchema}. */
export type MessageSettings = z.infer<typeof messageSettingsSchema>;
