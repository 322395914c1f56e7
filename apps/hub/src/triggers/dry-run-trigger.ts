import { DomainError } from '@interpulse/domain/error.ts';
import { secondsBetween } from '@interpulse/domain/time.ts';
import { rehearseTrigger } from '@interpulse/domain/trigger/rehearse-trigger.ts';
import type { TriggerRequest } from '@interpulse/domain/trigger/trigger.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { DryRun } from '@interpulse/domain/trigger/trigger-firing.ts';
import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { findFlow } from '@interpulse/store/flows/flows.ts';
import type { Hub } from '../hub.ts';
import { pastEvents } from './past-events.ts';

/** What of a trigger decides about events. */
type Rehearsed = Pick<
  TriggerRequest,
  'source' | 'flowName' | 'input' | 'label' | 'when' | 'dedupKey' | 'rateLimit' | 'deadline'
> & { name: string; project: string };

/**
 * What a trigger would have done from `from` until `to`, by the history; nothing is started or
 * written.
 * @throws DomainError invalid, for a time that is none or too long; notFound, without the flow.
 */
export async function dryRunTrigger(
  hub: Hub,
  trigger: Rehearsed,
  { from, to }: { from: string; to: string },
): Promise<DryRun> {
  const seconds = secondsBetween(from, to);
  if (seconds <= 0 || seconds > triggerLimits.dryRunSeconds) {
    const days = triggerLimits.dryRunSeconds / 86_400;
    const message = `a dry run looks at a time of up to ${days} days; "from" is before "to"`;
    throw new DomainError('invalid', message, {
      faults: [{ loc: ['from'], msg: message, type: 'window' }],
    });
  }
  const flow = await findFlow(hub.db, trigger.flowName);
  if (!flow) throw new DomainError('notFound', `there is no flow "${trigger.flowName}"`);
  const { dryRunInstants, dryRunTold } = triggerLimits;
  const isSchedule = trigger.source.kind === 'schedule';
  const most = isSchedule ? dryRunInstants : triggerLimits.dryRunEvents;
  const window = { from, to, limit: most + 1 };
  const { events, notes } = await pastEvents(hub, trigger, window);
  const looked = events.slice(0, most);
  const told = rehearseTrigger({ ...trigger, inputSchema: flow.inputSchema }, looked);
  const outcomes: Record<string, number> = {};
  for (const { outcome } of told) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    from,
    to,
    looked: looked.length,
    wouldFire: told.filter(({ wouldFire }) => wouldFire).length,
    outcomes,
    items: told.slice(0, dryRunTold),
    isCut: events.length > most || told.length > dryRunTold,
    notes: [...notes, ...(told.length === 0 ? unmatched(trigger.source, looked) : [])],
  };
}

/** Who gets nothing has most often a slip in the pattern: what came is shown beside it. */
function unmatched(source: TriggerSource, looked: readonly TriggerEvent[]): string[] {
  const last = looked.at(-1);
  if (last === undefined) {
    if (source.kind !== 'file' || source.stage === 'growing') return [];
    const told = `no file of instrument ${source.instrument} was told in this time`;
    return [`${told}; why not: interpulse agent doctor, where its files are`];
  }
  return [`nothing that happened is what the trigger listens to; the last was ${last.summary}`];
}
