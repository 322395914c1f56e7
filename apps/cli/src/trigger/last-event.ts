import { unwrap } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { LastEvent } from '@interpulse/domain/trigger/trigger-firing.ts';
import type { Context } from '../context.ts';
import { localTime } from '../output/quantities.ts';

/** `trigger event`: what it listens to, as it last came. */
export async function showLastEvent(context: Context, name: string): Promise<void> {
  const last = await readLastEvent(context, name);
  context.out.document(
    last,
    () => `${originOf(context, last)}\n${JSON.stringify(last.event, null, 2)}`,
  );
}

/**
 * The event to fire a trigger with again.
 * @throws DomainError notFound, when there never was one.
 */
export async function eventAgain(context: Context, name: string): Promise<Record<string, unknown>> {
  const last = await readLastEvent(context, name);
  if (last.origin === 'seen') {
    context.out.note(originOf(context, last));
    return last.event;
  }
  const message = `nothing that trigger ${name} listens to has happened yet`;
  const advice = `see an example with: interpulse trigger event ${name}`;
  throw new DomainError('notFound', `${message}; ${advice}`);
}

async function readLastEvent({ client }: Context, name: string): Promise<LastEvent> {
  const answer = client.POST('/api/v1/triggers/last-event', { body: { name } });
  return (await unwrap(answer)) as LastEvent;
}

function originOf({ nowAt }: Context, { origin, at, summary, note }: LastEvent): string {
  if (origin === 'example') return 'an example, made up: nothing of the kind has happened yet';
  return `the last event: ${summary}, ${localTime(at, nowAt)}${note === null ? '' : ` (${note})`}`;
}
