import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import type { RunEvent } from '@interpulse/domain/instrument/run-event.ts';
import { runLimits } from '@interpulse/domain/instrument/run-limits.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import { secondsBetween } from '@interpulse/domain/time.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  noteRunEvent,
  noteRunTakenUp,
  type NotedRunEvent,
} from '@interpulse/store/instruments/runs.ts';
import { followShotClock } from '../flow-runs/move-deadlines.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { fireTriggers } from '../triggers/fire-triggers.ts';
import { parameterEvent, runEvent } from '../triggers/run-events.ts';
import { fireRunFiles } from '../triggers/run-files.ts';

/**
 * Takes what was said of a run, in a transaction of the caller: the run table, the history, and
 * what triggers make of it. The same event again changes and starts nothing.
 *
 * @throws DomainError `invalid`, when its instant lies far ahead; `exhausted`, when the run has too
 * many parameters.
 */
export async function takeRunEvent(
  hub: Hub,
  tx: HubTransaction,
  instrument: Instrument,
  event: RunEvent,
  by: string | null,
): Promise<NotedRunEvent> {
  const now = hub.now();
  if (secondsBetween(now, event.at) > runLimits.aheadSeconds) {
    const message = `"at" is ${event.at}, but it is ${now}: correct the clock that said so`;
    throw new DomainError('invalid', message, {
      faults: [{ loc: ['at'], msg: 'lies far ahead', type: 'future' }],
    });
  }
  const isClock = event.kind === 'shotTaken' || event.kind === 'nextShotDue';
  const moveRuns = await followShotClock(hub, tx, {
    instrument: instrument.name,
    number: event.run,
    nextShotAt: isClock ? event.nextShotAt : null,
  });
  const noted = await noteRunEvent(tx, instrument.name, event, { at: now, by });
  if (!noted.isNew) return noted;
  tx.notify([eventsTopic]);
  await moveRuns();
  const [flowRunId] = await fireTriggers(hub, tx, triggerEvents(instrument, event, noted));
  if (flowRunId !== undefined) {
    await noteRunTakenUp(tx, { instrument: instrument.name, number: event.run }, flowRunId);
  }
  // How many files the run has may be what was told.
  if (noted.changed.length > 0) {
    await fireRunFiles(hub, tx, { instrument, number: event.run, at: event.at });
  }
  return noted;
}

/** What triggers hear: the start or end, and every parameter that has another value now. */
function triggerEvents(
  instrument: Instrument,
  { kind, run: number, at }: RunEvent,
  { parameters, changed, previous, startedAt, endedAt }: NotedRunEvent,
): TriggerEvent[] {
  const on = kind === 'runStarted' ? 'start' : kind === 'runEnded' ? 'end' : null;
  const run = { instrument, number, parameters, at, startedAt, endedAt };
  return [
    ...(on === null ? [] : [runEvent({ ...run, on })]),
    ...changed.map((name) =>
      parameterEvent({
        instrument,
        runNumber: number,
        parameters,
        name,
        value: parameters[name] ?? null,
        previous: previous[name],
        at,
      }),
    ),
  ];
}
