import { eventInput } from '@interpulse/domain/trigger/event-input.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';

/** The event of a schedule's instant. */
export function scheduleEvent(trigger: string, scheduledAt: string): TriggerEvent {
  const document = { kind: 'schedule', at: scheduledAt, scheduledAt };
  return {
    kind: 'schedule',
    subject: trigger,
    at: scheduledAt,
    key: scheduledAt,
    summary: `due at ${scheduledAt}`,
    document,
    ...eventInput(document),
    label: `${trigger} ${scheduledAt.slice(0, 16)}Z`,
    instrument: null,
    shotNumber: null,
    datasetId: null,
    depth: 0,
  };
}
