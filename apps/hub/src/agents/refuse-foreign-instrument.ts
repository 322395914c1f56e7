import { DomainError } from '@interpulse/domain/error.ts';

/** @throws DomainError notFound, when an agent speaks of an instrument that is not its own. */
export function refuseForeignInstrument(
  instrument: { siteId: string } | undefined,
  name: string,
  siteId: string,
): asserts instrument is { siteId: string } {
  if (instrument?.siteId === siteId) return;
  throw new DomainError('notFound', `this agent has no instrument "${name}"; check its config`);
}
