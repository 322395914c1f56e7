import { z } from 'zod';

/** When a file (or folder) of an instrument counts as whole. */
export const settleSchema = z.union([
  /** It appears under its name only when it is whole, by a rename. */
  z.literal('rename'),
  /** Size and time have not changed for so long, counted from the last write. */
  z.strictObject({ quietSeconds: z.number().positive().max(3600) }),
  /**
   * Another file appears beside it: `.done` (or `{name}.done`) for `scan1.h5.done`, `{stem}.ok`
   * for `scan1.ok`. Of a folder: a file in it of this name.
   */
  z.strictObject({
    sentinel: z
      .string()
      .min(1)
      .max(64)
      .regex(/^[^/\0]+$/, 'a name, no path'),
  }),
  /**
   * An HDF5 file that grows under its name: whole when its writer has closed it. Files of the
   * older formats do not say so; they are whole when they are complete, no program of this machine
   * holds them locked, and they have been quiet for so long.
   */
  z.strictObject({
    hdf5: z.literal('closed'),
    quietSeconds: z.number().positive().max(3600).default(1),
  }),
  /** A folder with so many files in it, quiet for so long. */
  z.strictObject({
    files: z.number().int().min(1).max(1_000_000),
    quietSeconds: z.number().min(0).max(3600).default(0),
  }),
]);

/** See {@link settleSchema}. */
export type Settle = z.infer<typeof settleSchema>;

const folderSchema = z
  .string()
  .regex(/^\/[^\0]*$/, 'write a folder as "/path" within the collection')
  .refine((path) => !path.split('/').includes('..'), 'no ".." in a path');

/** Where an instrument's files appear, and when they are whole. */
export const watchSchema = z
  .strictObject({
    folder: folderSchema.default('/'),
    /** Of paths below the folder: `*` within one name, `**` across folders. */
    pattern: z.string().min(1).max(1024).default('*'),
    /** Whether each file that matches is told, or each folder as one: a series of images. */
    unit: z.enum(['file', 'folder']).default('file'),
    /** A rename without a rename tells halves of files, and never the whole: it must be named. */
    settle: settleSchema.default({ quietSeconds: 1 }),
    /**
     * Patterns of names and paths that are left alone, beside hidden ones and the usual names of
     * unfinished files (`.tmp`, `.part`, `.partial`).
     */
    ignore: z.array(z.string().min(1).max(1024)).max(100).default([]),
    /** What lies there when the folder is watched for the first time: old data, or news. */
    existing: z.enum(['skip', 'tell']).default('skip'),
    /**
     * `events`: the system tells of changes; `scan`: the folders are looked through; `auto`: by
     * the kind of file system, and both on those of a network, where other machines write.
     */
    method: z.enum(['auto', 'events', 'scan']).default('auto'),
    /** The least time between two looks where folders are looked through; else 2 s. */
    rescanSeconds: z.number().min(0.05).max(3600).nullable().default(null),
    /** Files that grow are told of before they are whole, each so often at most; null: none is. */
    growing: z
      .strictObject({ everySeconds: z.number().min(0.1).max(3600).default(10) })
      .nullable()
      .default(null),
  })
  .superRefine(({ unit, settle, growing }, context) => {
    const refuse = (message: string, key = 'settle'): void =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (growing !== null && unit === 'folder') refuse('"growing" is for "unit": "file"', 'growing');
    if (growing !== null && settle === 'rename') {
      refuse('a file that appears by a rename is whole at once: it is not seen to grow', 'growing');
    }
    if (typeof settle === 'string') return;
    if ('files' in settle && unit === 'file') refuse('"files" is for "unit": "folder"');
    if ('hdf5' in settle && unit === 'folder') refuse('"hdf5" is for "unit": "file"');
  });

/** See {@link watchSchema}. */
export type WatchConfig = z.infer<typeof watchSchema>;
