import { z } from 'zod';
import type { JsonObject } from '../../json.ts';

/** Fields of every state that is followed by another or ends the flow. */
export const transitionShape = {
  Comment: z.string().optional(),
  Next: z.string().min(1).optional(),
  End: z.boolean().optional(),
};

/** An object of any JSON values. */
export const objectSchema = z.record(z.string(), z.json()) as z.ZodType<JsonObject>;
