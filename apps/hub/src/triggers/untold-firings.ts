import type { FiringOutcome } from '@interpulse/domain/trigger/trigger-firing.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';

/** What became of events that started nothing, since it was last told; by trigger. */
export type UntoldFirings = Map<string, { project: string; counts: Partial<Record<Kind, number>> }>;

type Kind = FiringOutcome | 'duplicate';

/**
 * Remembers, after the commit, that an event at a trigger started nothing. Open pages are told of
 * many at once: a storm that a condition filters must not fill the history.
 */
export function noteUntold(
  hub: Hub,
  tx: HubTransaction,
  trigger: { name: string; project: string },
  outcome: Kind,
): void {
  tx.afterCommit(() => {
    const { name, project } = trigger;
    const known = hub.untoldFirings.get(name) ?? { project, counts: {} };
    known.counts[outcome] = (known.counts[outcome] ?? 0) + 1;
    hub.untoldFirings.set(name, known);
    hub.db.topics.emit([topics.untoldFirings]);
  });
}

/**
 * Tells what became of events that started nothing: one `trigger.heard` for each trigger. Where a
 * hub dies before it, pages show it when they ask the next time.
 */
export async function tellFirings(hub: Hub): Promise<void> {
  const untold = [...hub.untoldFirings];
  if (untold.length === 0) return;
  hub.untoldFirings.clear();
  const at = hub.now();
  const events = untold.map(([subjectId, { project, counts }]) => {
    const about = { subjectType: 'trigger' as const, subjectId, project, flowRunId: null };
    return { ...about, at, kind: 'trigger.heard', actor: null, data: counts };
  });
  await hub.transaction(async (tx) => {
    await appendEvents(tx, events);
    tx.notify([eventsTopic]);
  });
}
