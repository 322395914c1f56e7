import { z } from 'zod';
import { limits } from '../limits.ts';
import { locationSchema, nameSchema } from '../location.ts';

/** Whose words `details` are in: ours, or those that readers of Globus' answers expect. */
const answerAsSchema = z.enum(['interpulse', 'globus']).default('interpulse');

/** Input of `interpulse:delete`: files, links and folders of collections. */
export const deleteInputSchema = z.strictObject({
  /** All are looked at before the first is deleted; never a collection's root. */
  locations: z.array(locationSchema).min(1).max(limits.pathsPerDeleteAction),
  /** Needed for folders: they are deleted with all in them. */
  recursive: z.boolean().default(false),
  /** A place where nothing is is no fault. */
  ignoreMissing: z.boolean().default(false),
});

/** Input of `interpulse:mkdir`: a folder with those above it; one that is there is no fault. */
export const mkdirInputSchema = z.strictObject({ location: locationSchema });

/** Input of `interpulse:list`: what lies in a folder. */
export const listInputSchema = z.strictObject({
  location: locationSchema,
  /** Only names like this, with `*` and `?`; hidden ones only where it begins with a dot. */
  pattern: z.string().min(1).max(200).default('*'),
  /** Only these. */
  type: z.enum(['file', 'folder']).nullable().default(null),
  /** The first so many by name. */
  limit: z.number().int().min(1).max(limits.folderEntries).default(limits.folderEntries),
  /** What is at the location itself, as the only entry. */
  itself: z.boolean().default(false),
  answerAs: answerAsSchema,
});

/** Input of `interpulse:stat`: what is at a location; that nothing is there is an answer too. */
export const statInputSchema = z.strictObject({
  location: locationSchema,
  answerAs: answerAsSchema,
});

/** Input of `interpulse:collection`: what is known of a collection. */
export const collectionInputSchema = z.strictObject({ collection: nameSchema });

const sizeSchema = z.number().int().min(0).nullable();
const modifiedSchema = z.string().nullable();
const entryTypeSchema = z.enum(['file', 'folder', 'other']);

/** `details` of a delete action that succeeded. */
export const deleteDetailsSchema = z.strictObject({
  files: z.number().int(),
  folders: z.number().int(),
  /** Locations where nothing was. */
  missing: z.number().int(),
});

/** `details` of a mkdir action that succeeded. */
export const mkdirDetailsSchema = z.strictObject({
  location: locationSchema,
  /** It was not there before. */
  isNew: z.boolean(),
});

/** `details` of a list action that succeeded; `entries` is what a Map goes over. */
export const listDetailsSchema = z.strictObject({
  location: locationSchema,
  entries: z.array(
    z.strictObject({
      name: z.string(),
      location: z.string(),
      type: entryTypeSchema,
      sizeBytes: sizeSchema,
      modifiedAt: modifiedSchema,
    }),
  ),
  /** Names that are like the pattern, also those beyond the limit. */
  total: z.number().int(),
  isCut: z.boolean(),
});

/** `details` of a stat action that succeeded. */
export const statDetailsSchema = z.strictObject({
  location: locationSchema,
  exists: z.boolean(),
  type: entryTypeSchema.nullable(),
  sizeBytes: sizeSchema,
  modifiedAt: modifiedSchema,
});

/** `details` of a collection action that succeeded. */
export const collectionDetailsSchema = z.strictObject({
  id: nameSchema,
  name: nameSchema,
  title: z.string(),
  /** Its title, or else its name; as Globus calls it. */
  display_name: z.string(),
  siteName: nameSchema,
  writable: z.boolean(),
});

/** See {@link deleteInputSchema}. */
export type DeleteInput = z.infer<typeof deleteInputSchema>;
/** See {@link listInputSchema}. */
export type ListInput = z.infer<typeof listInputSchema>;
/** See {@link statInputSchema}. */
export type StatInput = z.infer<typeof statInputSchema>;
