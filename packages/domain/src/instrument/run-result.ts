import { z } from 'zod';
import { jsonSchema, measureJson } from '../json.ts';
import { instantSchema } from '../time.ts';
import { runLimits } from './run-limits.ts';

/** A result of a run as it is reported: a key and a value, as ARP's counters. */
export const resultReportSchema = z.strictObject({
  key: z.string().trim().min(1).max(runLimits.nameLength),
  value: jsonSchema.refine(
    (value) => measureJson(value, runLimits.valueBytes, 16).sizeBytes <= runLimits.valueBytes,
    `a value has at most ${runLimits.valueBytes} bytes as JSON; keep more of it in a file`,
  ),
  unit: z.string().max(50).optional(),
  /** The uncertainty of a number, in its unit. */
  error: z.number().optional(),
});

/** See {@link resultReportSchema}. */
export type ResultReport = z.infer<typeof resultReportSchema>;

/** What is reported at once. */
export const resultReportsSchema = z.array(resultReportSchema).min(1).max(runLimits.results);

/** A result in the run table: the report, with who made it and when. */
export const runResultSchema = z.strictObject({
  key: z.string(),
  value: jsonSchema,
  unit: z.string().nullable(),
  error: z.number().nullable(),
  at: instantSchema,
  /** Who reported it: the id of a user or a service account. */
  by: z.string(),
  /** The flow run that it came from, or null. */
  flowRunId: z.string().nullable(),
  /** The job that reported it, or null. */
  jobId: z.string().nullable(),
});

/** See {@link runResultSchema}. */
export type RunResult = z.infer<typeof runResultSchema>;

/** Who reports, and when. */
export type ResultSource = Pick<RunResult, 'at' | 'by' | 'flowRunId' | 'jobId'>;

/**
 * Results with those reported now, by key; the others stay. A key that is there keeps its place in
 * the order in which the keys came. What was reported at a later instant stays as well.
 */
export function mergeResults(
  kept: readonly RunResult[],
  reports: readonly ResultReport[],
  source: ResultSource,
): RunResult[] {
  const merged = new Map(kept.map((result) => [result.key, result]));
  for (const { key, value, unit, error } of reports) {
    const old = merged.get(key);
    if (old !== undefined && old.at > source.at) continue;
    merged.set(key, { key, value, unit: unit ?? null, error: error ?? null, ...source });
  }
  return [...merged.values()];
}
