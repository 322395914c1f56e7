import { z } from 'zod';
import { addSeconds, instantSchema, secondsBetween, type Instant } from '../time.ts';
import type { FlowDefinition } from './definition.ts';
import { expectedSteps, type RunPlace } from './expected-steps.ts';
import type { ExpectedTimes } from './expected-times.ts';

/** When a flow run is expected to end, as earlier runs of its flow went. */
export const flowRunPredictionSchema = z.strictObject({
  finishAt: instantSchema,
  /** From now to the deadline; below 0 when it has passed, null without a deadline. */
  secondsLeft: z.number().nullable(),
  /** From the expected end to the deadline; below 0 when the answer is expected after it. */
  secondsToSpare: z.number().nullable(),
  willBeLate: z.boolean(),
  /** The states from now to the end. */
  steps: z.array(
    z.strictObject({
      state: z.string(),
      startAt: instantSchema,
      endAt: instantSchema,
      /** The state that it is in: `startAt` is when it came to it. */
      isCurrent: z.boolean(),
    }),
  ),
});

/** See {@link flowRunPredictionSchema}. */
export type FlowRunPrediction = z.infer<typeof flowRunPredictionSchema>;

/** When a flow run will end; null when it has, or when earlier runs teach nothing of its way. */
export function predictFlowRun(
  definition: Pick<FlowDefinition, 'States'>,
  times: ExpectedTimes,
  run: { place: RunPlace | null; deadlineAt: Instant | null },
  now: Instant,
): FlowRunPrediction | null {
  const { place, deadlineAt } = run;
  if (place === null) return null;
  const way = expectedSteps(definition, times, place, now);
  const last = way.at(-1);
  if (last === undefined) return null;
  const finishAt = addSeconds(now, last.endSeconds);
  const secondsToSpare = deadlineAt === null ? null : secondsBetween(finishAt, deadlineAt);
  return {
    finishAt,
    secondsLeft: deadlineAt === null ? null : secondsBetween(now, deadlineAt),
    secondsToSpare,
    willBeLate: secondsToSpare !== null && secondsToSpare < 0,
    steps: way.map(({ state, startSeconds, endSeconds }, index) => ({
      state,
      startAt: index === 0 ? place.enteredAt : addSeconds(now, startSeconds),
      endAt: addSeconds(now, endSeconds),
      isCurrent: index === 0,
    })),
  };
}
