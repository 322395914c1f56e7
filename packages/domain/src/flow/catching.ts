import { z } from 'zod';
import { addSeconds } from '../time.ts';
import type { Instant } from '../time.ts';
import { flowLimits } from './flow-limits.ts';
import { anyError, errorNames } from './state-error.ts';
import type { StateInspection } from './state-inspection.ts';

/** A Catcher: which errors it takes, where the error document goes, which state follows. */
export const catcherSchema = z.strictObject({
  ErrorEquals: z.array(z.string().min(1)).min(1),
  ResultPath: z.string().optional(),
  Next: z.string().min(1),
});

/** See {@link catcherSchema}. */
export type Catcher = z.infer<typeof catcherSchema>;

/** A Retry rule, in the words of the Amazon States Language; our extension. */
export const retrierSchema = z.strictObject({
  ErrorEquals: z.array(z.string().min(1)).min(1),
  /** Seconds before the first retry. */
  IntervalSeconds: z.number().int().min(1).max(flowLimits.waitSeconds).default(1),
  MaxAttempts: z.number().int().min(0).max(1000).default(3),
  /** Each interval is this times the one before. */
  BackoffRate: z.number().min(1).max(100).default(2),
  MaxDelaySeconds: z.number().int().min(1).max(flowLimits.waitSeconds).optional(),
});

/** See {@link retrierSchema}. */
export type Retrier = z.infer<typeof retrierSchema>;

/** The index of the first rule that takes an error, or -1. */
export function findRule(rules: { ErrorEquals: string[] }[] | undefined, error: string): number {
  if (error === errorNames.limit) return -1;
  return (rules ?? []).findIndex(({ ErrorEquals: names }) =>
    names.some((name) => name === error || name === anyError),
  );
}

/** A retry that a rule allows: when it is due, and the attempts spent per rule with it. */
export function nextRetry(
  { rules = [], spent, error }: { rules?: Retrier[] | undefined; spent: number[]; error: string },
  now: Instant,
): { dueAt: Instant; attempt: number; error: string; retries: number[] } | null {
  const index = findRule(rules, error);
  const rule = rules[index];
  const attempt = (spent[index] ?? 0) + 1;
  if (rule === undefined || attempt > rule.MaxAttempts) return null;
  const dueAt = addSeconds(now, retryDelaySeconds(rule, attempt));
  const retries = rules.map((_, other) => (other === index ? attempt : (spent[other] ?? 0)));
  return { dueAt, attempt, error, retries };
}

/** Seconds to wait before retry number `attempt` (from 1). */
function retryDelaySeconds(rule: Retrier, attempt: number): number {
  const grown = rule.IntervalSeconds * rule.BackoffRate ** (attempt - 1);
  return Math.min(grown, rule.MaxDelaySeconds ?? flowLimits.waitSeconds, flowLimits.waitSeconds);
}

/** Checks the Catch and Retry rules of a state. */
export function inspectCatching(
  state: { Catch?: Catcher[] | undefined; Retry?: Retrier[] | undefined },
  inspection: StateInspection,
): void {
  for (const [index, catcher] of (state.Catch ?? []).entries()) {
    const label = `catch ${catcher.ErrorEquals.join(', ')}`;
    inspection.target(['Catch', index, 'Next'], catcher.Next, label);
    inspection.writePath(['Catch', index, 'ResultPath'], catcher.ResultPath ?? '$');
    if (catcher.ResultPath === undefined) {
      const msg = 'without ResultPath the error replaces the whole state of the run';
      inspection.warn(['Catch', index], 'state_replaced', msg);
    }
  }
  if (state.Retry !== undefined) {
    inspection.warn(['Retry'], 'extension', 'Retry is an extension that Globus does not know');
  }
}
