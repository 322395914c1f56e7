import { z } from 'zod';
import { jsonSchema } from '../json.ts';
import { limits } from '../limits.ts';
import { nameSchema } from '../location.ts';

/** A mail address as one is typed; without line breaks, which would make headers of their own. */
const addressSchema = z.email().max(254);
const subjectSchema = z
  .string()
  .min(1)
  .max(limits.messageSubject)
  .regex(/^[^\r\n]*$/, 'a subject is one line');
const textSchema = z.string().min(1).max(limits.messageText);

/** Input of `interpulse:notify`: a message to people, or to a program that listens. */
export const notifyInputSchema = z.discriminatedUnion('by', [
  /** A mail of plain text, through the server in `mail` of the hub's configuration. */
  z.strictObject({
    by: z.literal('mail'),
    to: z.array(addressSchema).min(1).max(limits.mailRecipients),
    cc: z.array(addressSchema).max(limits.mailRecipients).default([]),
    subject: subjectSchema,
    text: textSchema,
  }),
  /** A JSON document, posted; signed with a secret that the hub's configuration names. */
  z.strictObject({
    by: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/ }).max(2000),
    body: jsonSchema,
    secret: nameSchema.optional(),
  }),
  /** A line in a room of `chats` of the hub's configuration. */
  z.strictObject({ by: z.literal('chat'), chat: nameSchema, text: textSchema }),
]);

/** `details` of a notify action that succeeded. */
export const notifyDetailsSchema = z.strictObject({
  by: z.enum(['mail', 'webhook', 'chat']),
  /** The same at each try: who gets it twice can know. */
  messageId: z.string(),
  sentAt: z.string(),
  /** Tries, with the one that succeeded. */
  tries: z.number().int().min(1),
  /** What a webhook's taker answered. */
  status: z.number().int().nullable(),
});

/** See {@link notifyInputSchema}. */
export type NotifyInput = z.infer<typeof notifyInputSchema>;
