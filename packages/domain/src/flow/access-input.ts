import { z } from 'zod';
import { locationSchema, nameSchema } from '../location.ts';
import { principalNameSchema } from '../web-input/respondents.ts';

const maySchema = z.enum(['read', 'write']);
const granteeSchema = z.union([principalNameSchema, z.literal('everyone')]);

/** Input of `interpulse:access`: somebody shall be able to read or write somewhere. */
export const accessInputSchema = z.strictObject({
  location: locationSchema,
  /** `user:NAME`, `project:NAME`, or `everyone` who has a role in any project. */
  grantee: granteeSchema,
  may: maySchema.default('read'),
});

/** See {@link accessInputSchema}. */
export type AccessInput = z.infer<typeof accessInputSchema>;

/** `details` of an access action that succeeded. */
export const accessDetailsSchema = z.strictObject({
  location: locationSchema,
  grantee: granteeSchema,
  may: maySchema,
  /** Whose the collection is; null for everybody's. */
  project: nameSchema.nullable(),
});
