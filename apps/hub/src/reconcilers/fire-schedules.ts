import { nextScheduled } from '@interpulse/domain/trigger/schedule.ts';
import { planSchedule } from '@interpulse/domain/trigger/plan-schedule.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { triggerSourceSchema } from '@interpulse/domain/trigger/trigger-source.ts';
import {
  claimFiring,
  listSchedules,
  lockDueSchedules,
  setNextDue,
} from '@interpulse/store/triggers/firings.ts';
import { findTrigger } from '@interpulse/store/triggers/triggers.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { fireTrigger } from '../triggers/fire-triggers.ts';
import { scheduleEvent } from '../triggers/schedule-event.ts';
import { noteUntold } from '../triggers/untold-firings.ts';

/**
 * Fires what is due by schedule, each instant once among all hubs. Answers when the next one is.
 * The clock may be set: now and then every schedule is held against it anew.
 */
export function createFireSchedules(hub: Hub): () => Promise<string | boolean | null> {
  let checkedAt = -Infinity;
  let lookedAt = hub.now();
  return async () => {
    const now = hub.now();
    const isSetBack = now < lookedAt;
    lookedAt = now;
    const isChecked = performance.now() - checkedAt < triggerLimits.scheduleCheckSeconds * 1000;
    if (!isChecked || isSetBack) {
      await bringForward(hub);
      checkedAt = performance.now();
    }
    let fired = 0;
    for (; fired < triggerLimits.schedulesPerRound; fired += 1) {
      if (!(await hub.transaction((tx) => fireOne(hub, tx)))) break;
    }
    if (fired === triggerLimits.schedulesPerRound) return true;
    return (await listSchedules(hub.db))[0]?.nextDueAt ?? null;
  };
}

/** Fires the schedule that is due for the longest time; false when none is. */
async function fireOne(hub: Hub, tx: HubTransaction): Promise<boolean> {
  const now = hub.now();
  const [name] = await lockDueSchedules(tx, now, 1);
  if (name === undefined) return false;
  const trigger = await findTrigger(tx, name);
  if (trigger?.source.kind !== 'schedule') {
    await setNextDue(tx, name, null);
    return true;
  }
  const plan = planSchedule(trigger.source, trigger.nextDueAt, now);
  await setNextDue(tx, name, plan.nextDueAt);
  if (plan.missed !== null) {
    const { count, last } = plan.missed;
    await claimFiring(tx, {
      trigger: name,
      key: last,
      summary: count === 1 ? `due at ${last}` : `due ${count} times, the last at ${last}`,
      outcome: 'missed',
      reason: `no hub was at work; catchUp is ${trigger.source.catchUp}`,
      flowRunId: null,
      at: now,
      document: null,
      depth: 0,
    });
    noteUntold(hub, tx, trigger, 'missed');
  }
  for (const at of plan.fire) await fireTrigger(hub, tx, trigger, scheduleEvent(name, at));
  return true;
}

/** A clock that ran ahead for a while has left instants behind that lie far in the future. */
async function bringForward(hub: Hub): Promise<void> {
  const now = hub.now();
  for (const { name, source, nextDueAt } of await listSchedules(hub.db)) {
    const schedule = triggerSourceSchema.parse(source);
    if (schedule.kind !== 'schedule') continue;
    const next = nextScheduled(schedule, now);
    if (next !== null && (nextDueAt === null || next < nextDueAt)) {
      await setNextDue(hub.db, name, next);
    }
  }
}
