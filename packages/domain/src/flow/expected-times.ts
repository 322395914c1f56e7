import { z } from 'zod';

/** What earlier runs of a flow teach of one of its states. */
export const expectedStateSchema = z.strictObject({
  /** Seconds in the state that half of the visits stayed below: one that hung is no news. */
  seconds: z.number().min(0),
  /** Time that nine of ten visits stayed below; as above where it is not known. */
  slowSeconds: z.number().min(0).exactOptional(),
  /** Mean number of visits in a run; 0.1 for a state that one run in ten came to. */
  visits: z.number().min(0),
});

/** See {@link expectedStateSchema}. */
export type ExpectedState = z.infer<typeof expectedStateSchema>;

/** What earlier runs teach, by the names of states. */
export const expectedTimesSchema = z.record(z.string(), expectedStateSchema);

/** See {@link expectedTimesSchema}. */
export type ExpectedTimes = z.infer<typeof expectedTimesSchema>;
