import { z } from 'zod';

/** An axis of a plot: its label, its unit, and whether it is drawn in decades. */
export const axisSchema = z.strictObject({
  label: z.string(),
  unit: z.string().default(''),
  scale: z.enum(['linear', 'log']).default('linear'),
});

/** One curve: points with one-sigma errors and the fitted model, all of the same length. */
export const curveSchema = z.strictObject({
  label: z.string(),
  x: z.array(z.number()),
  y: z.array(z.number().nullable()),
  /** One standard deviation of y. */
  error: z.array(z.number().nullable()).optional(),
  /** The fitted model at x. */
  fit: z.array(z.number().nullable()).optional(),
});

/** A figure worth reading across the room: a fitted rate, a centre, a count. */
export const figureOfMeritSchema = z.strictObject({
  label: z.string(),
  value: z.number(),
  error: z.number().optional(),
  unit: z.string().default(''),
});

/**
 * What the portal draws for a dataset without opening its files: written by analysis apps as
 * `preview.json`, at most {@link limits.previewBytes}, kept by the hub, so that it can be seen when
 * the site is away.
 */
export const previewSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('curves'),
    title: z.string(),
    x: axisSchema,
    y: axisSchema,
    curves: z.array(curveSchema).max(64),
    figures: z.array(figureOfMeritSchema).max(32).default([]),
  }),
  z.strictObject({
    kind: z.literal('image'),
    title: z.string(),
    /** An 8-bit PNG, base64. */
    png: z.base64(),
    widthPixels: z.number().int().positive(),
    heightPixels: z.number().int().positive(),
    figures: z.array(figureOfMeritSchema).max(32).default([]),
  }),
]);

/** See {@link previewSchema}. */
export type Preview = z.infer<typeof previewSchema>;
