import { DomainError } from '@interpulse/domain/error.ts';

/** The thing, or the error that there is none. */
export function existing<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new DomainError('notFound', `there is no ${what}`);
  return thing;
}
