import { DomainError } from '@interpulse/domain/error.ts';

/** @throws DomainError notFound, when an agent speaks of an instrument that is not its own. */
export function refuseForeignInstrument<T extends { siteId: string }>(
  instrument: T | undefined,
  name: string,
  siteId: string,
): asserts instrument is T {
  if (instrument?.siteId === siteId) return;
  throw new DomainError('notFound', `this agent has no instrument "${name}"; check its config`);
}
