import { z } from 'zod';
import { noticeLimits } from './notice-limits.ts';
import { directPlaceSchema, placeSchema } from './notice-place.ts';

/** What may be told of: of flow runs, and `paused` of triggers that paused themselves. */
export const noticeOccasions = [
  'failed',
  'canceled',
  'succeeded',
  'late',
  'waiting',
  'paused',
] as const;

/** One of {@link noticeOccasions}. */
export type NoticeOccasion = (typeof noticeOccasions)[number];

const onSchema = z.array(z.enum(noticeOccasions)).max(noticeOccasions.length);

/** Of a flow or a trigger: who is told, and of what. */
export const noticeRuleSchema = z.strictObject({
  on: onSchema.min(1),
  to: z.array(placeSchema).min(1).max(noticeLimits.places),
});

/** See {@link noticeRuleSchema}. */
export type NoticeRule = z.infer<typeof noticeRuleSchema>;

/** The rules of a flow or a trigger. */
export const noticeRulesSchema = z.array(noticeRuleSchema).max(noticeLimits.rules);

/** Where a person hears of things, and of which flow runs of its own, or that it manages. */
export const noticeSettingsSchema = z.strictObject({
  to: z.array(directPlaceSchema).max(noticeLimits.places),
  on: onSchema,
});

/** See {@link noticeSettingsSchema}. */
export type NoticeSettings = z.infer<typeof noticeSettingsSchema>;

/** Of who has said nothing: told nowhere, and of what asks for a person once there is a place. */
export const noNoticeSettings: NoticeSettings = {
  to: [],
  on: ['failed', 'late', 'waiting', 'paused'],
};
