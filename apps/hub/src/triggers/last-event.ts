import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { exampleEvent } from '@interpulse/domain/trigger/example-event.ts';
import { sourceMatches } from '@interpulse/domain/trigger/source-matches.ts';
import type { LastEvent } from '@interpulse/domain/trigger/trigger-firing.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import type { Hub } from '../hub.ts';
import { pastEvents } from './past-events.ts';

/** Before any hub. */
const longAgo = '1970-01-01T00:00:00.000Z';

/** Of a schedule a time is looked at that has an instant and not too many. */
const spansOfSchedulesSeconds = [600, 86_400, 31 * 86_400, 400 * 86_400];

/** What a trigger listens to, under its name in its project. */
interface Listening {
  name: string;
  project: string;
  source: TriggerSource;
}

/**
 * The last event that a trigger heard or would have heard, whatever its condition says of it; a
 * made up one when there was none.
 */
export async function lastEvent(hub: Hub, { source, ...trigger }: Listening): Promise<LastEvent> {
  const isGrowing = source.kind === 'file' && source.stage === 'growing';
  const heard = isGrowing ? { ...source, stage: 'whole' as const } : source;
  for (const from of beginnings(hub, source)) {
    // What happened within this millisecond has happened.
    const to = addSeconds(hub.now(), source.kind === 'schedule' ? 0 : 1);
    const window = { from, to, limit: mostOf(source), newest: true };
    const { events } = await pastEvents(hub, { ...trigger, source: heard }, window);
    const last = events.findLast((event) => sourceMatches(heard, event));
    if (last !== undefined) return isGrowing ? asGrowing(last) : seen(last, last.document, null);
  }
  return { origin: 'example', at: null, summary: null, note: null, event: exampleEvent(source) };
}

function beginnings(hub: Hub, { kind }: TriggerSource): string[] {
  if (kind !== 'schedule') return [longAgo];
  return spansOfSchedulesSeconds.map((seconds) => addSeconds(hub.now(), -seconds));
}

/** So many events are looked at. */
function mostOf({ kind }: TriggerSource): number {
  if (kind === 'schedule') return triggerLimits.dryRunInstants;
  return kind === 'flow' ? triggerLimits.lastFlowRuns : triggerLimits.lastEvents;
}

function seen({ at, summary }: TriggerEvent, event: JsonObject, note: string | null): LastEvent {
  return { origin: 'seen', at, summary, note, event };
}

/** Nothing is kept of files while they grow. */
function asGrowing(finished: TriggerEvent): LastEvent {
  const { dataset: _, metadata, ...document } = finished.document;
  const known = isJsonObject(metadata) ? metadata['frames'] : undefined;
  const frames = typeof known === 'number' ? known : 0;
  const note = 'made of the last whole file: nothing is kept of files while they grow';
  return seen(finished, { ...document, metadata: {}, stage: 'growing', frames }, note);
}
