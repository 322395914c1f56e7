import { ZodError } from 'zod';
import { DomainError } from '@interpulse/domain/error.ts';
import type { ActionStart } from './action.ts';

/** Why an action could not be started for its caller's reasons; null for everything else. */
export function refusalOf(error: unknown): string | null {
  if (error instanceof ZodError) {
    return error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`)
      .join('; ');
  }
  const ours = error instanceof DomainError && error.kind !== 'unavailable';
  return ours ? error.message : null;
}

/** What `make` answers, or how a step is unable to run for its caller's reasons. */
export function orUnable<T>(state: string, make: () => T): { made: T } | { unable: ActionStart } {
  try {
    return { made: make() };
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === null) throw error;
    return { unable: { kind: 'unable', reason: `${state}: ${reason}` } };
  }
}
