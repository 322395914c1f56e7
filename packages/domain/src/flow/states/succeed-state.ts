import { z } from 'zod';
import { neverWaits } from '../state-kind.ts';
import type { StateKind } from '../state-kind.ts';

const succeedSchema = z.strictObject({
  Type: z.literal('Succeed'),
  Comment: z.string().optional(),
});

/** A state of type Succeed, as parsed. */
export type SucceedState = z.infer<typeof succeedSchema>;

/** Ends the run as SUCCEEDED. Of the Amazon States Language; Globus writes a Pass with End. */
export const succeedState: StateKind<SucceedState> = {
  schema: succeedSchema,
  blocks: false,
  globus: false,
  inspect(_state, inspection) {
    inspection.ends = true;
  },
  enter: () => ({ kind: 'end', failure: null }),
  receive: neverWaits,
};
