import { z } from 'zod';
import { addSeconds, fromMilliseconds, secondsBetween } from '../../time.ts';
import { flowLimits } from '../flow-limits.ts';
import { readJsonPath } from '../json-path.ts';
import { errorNames, StateError } from '../state-error.ts';
import type { StateKind, StateOutcome, StateVisit } from '../state-kind.ts';
import { timestampMilliseconds } from '../timestamp.ts';
import { transitionShape } from './state-fields.ts';

const waitSchema = z.strictObject({
  Type: z.literal('Wait'),
  ...transitionShape,
  Seconds: z.number().int().min(0).max(flowLimits.waitSeconds).optional(),
  SecondsPath: z.string().optional(),
  Timestamp: z
    .string()
    .refine((text) => timestampMilliseconds(text) !== null, {
      error: 'expected an RFC 3339 date-time such as 2026-01-31T12:00:00Z',
    })
    .optional(),
  TimestampPath: z.string().optional(),
});

/** A state of type Wait, as parsed. */
export type WaitState = z.infer<typeof waitSchema>;

/** Waits for some seconds or until an instant; an instant in the past passes at once. */
export const waitState: StateKind<WaitState> = {
  schema: waitSchema,
  blocks: true,
  globus: true,
  inspect(state, inspection) {
    inspection.transition(state);
    const fields = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'] as const;
    inspection.oneOf(state, fields, true);
    for (const field of ['SecondsPath', 'TimestampPath'] as const) {
      const path = state[field];
      if (path !== undefined) inspection.readPath([field], path);
    }
  },
  enter(state, visit) {
    const dueAt = dueInstant(state, visit);
    if (secondsBetween(visit.now, dueAt) <= 0) return over;
    const { step } = visit.branch;
    return {
      kind: 'block',
      wait: { kind: 'timer', dueAt },
      effects: [{ kind: 'setTimer', step, dueAt }],
      input: null,
    };
  },
  receive(_state, { branch, now }, event) {
    if (event.kind !== 'timerFired' || branch.wait?.kind !== 'timer') {
      return { kind: 'refuse', reason: 'otherStep', message: 'the step waits for its timer' };
    }
    const leftSeconds = secondsBetween(now, branch.wait.dueAt);
    if (leftSeconds <= 0) return over;
    const message = `the wait has ${leftSeconds} s left, until ${branch.wait.dueAt}`;
    return { kind: 'refuse', reason: 'early', message };
  },
};

const over: StateOutcome = { kind: 'done', output: null, resultPath: '$', input: null };

function dueInstant(state: WaitState, { scope, now }: StateVisit): string {
  if (state.Timestamp !== undefined) return instantOf(state.Timestamp, 'Timestamp', now);
  if (state.TimestampPath !== undefined) {
    const value = readJsonPath(scope.document, state.TimestampPath, errorNames.wait);
    return instantOf(value, state.TimestampPath, now);
  }
  if (state.SecondsPath === undefined) return addSeconds(now, state.Seconds ?? 0);
  const seconds = readJsonPath(scope.document, state.SecondsPath, errorNames.wait);
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= flowLimits.waitSeconds)) {
    const range = `a number of seconds from 0 to ${flowLimits.waitSeconds}`;
    throw new StateError(errorNames.wait, `${state.SecondsPath} is not ${range}`);
  }
  return addSeconds(now, seconds);
}

function instantOf(value: unknown, where: string, now: string): string {
  const milliseconds = timestampMilliseconds(value);
  if (milliseconds === null) {
    throw new StateError(errorNames.wait, `${where} is not an RFC 3339 date-time`);
  }
  const dueAt = fromMilliseconds(milliseconds);
  if (secondsBetween(now, dueAt) > flowLimits.waitSeconds) {
    throw new StateError(errorNames.wait, `${where} (${dueAt}) is more than a year away`);
  }
  return dueAt;
}
