import { DomainError } from '@interpulse/domain/error.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { addSeconds, type Instant } from '@interpulse/domain/time.ts';
import { exampleEvent } from '@interpulse/domain/trigger/example-event.ts';
import { inspectTrigger } from '@interpulse/domain/trigger/inspect-trigger.ts';
import { rehearseTrigger } from '@interpulse/domain/trigger/rehearse-trigger.ts';
import { nextScheduled, scheduledBetween } from '@interpulse/domain/trigger/schedule.ts';
import type { TriggerReport, TriggerRequest } from '@interpulse/domain/trigger/trigger.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { TriggerFiring } from '@interpulse/domain/trigger/trigger-firing.ts';
import { ada, page, type Handlers } from './answering.ts';
import { fixedId } from './shot-story.ts';
import { makeTriggers } from './trigger-story.ts';
import type { World } from './world.ts';

interface Known {
  triggers: Map<string, TriggerReport>;
  firings: Map<string, TriggerFiring[]>;
}

/** Triggers of the pretend facility, and those that one makes. */
export function triggerHandlers(world: World): Handlers {
  const known: Known = { triggers: new Map(), firings: new Map() };
  for (const { trigger, firings } of makeTriggers(world)) {
    known.triggers.set(trigger.name, trigger);
    known.firings.set(trigger.name, firings);
  }
  return { ...readHandlers(world, known), ...changeHandlers(world, known) };
}

function found({ triggers }: Known, name: string): TriggerReport {
  const trigger = triggers.get(name);
  if (trigger === undefined) throw new DomainError('notFound', `there is no trigger "${name}"`);
  return trigger;
}

function readHandlers(world: World, known: Known): Handlers {
  return {
    listTriggers: ({ query }) =>
      page(
        [...known.triggers.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
        query,
      ),
    getTrigger: ({ params }) => found(known, params.trigger),
    listTriggerFirings: ({ params, query }) => {
      const firings = known.firings.get(found(known, params.trigger).name) ?? [];
      const { outcome } = query;
      return page(
        firings.filter((firing) => outcome === undefined || firing.outcome === outcome),
        query,
      );
    },
    lastTriggerEvent: ({ body }) => {
      const source = body.source ?? found(known, body.name ?? '').source;
      const [from, to] = ['2000-01-01T00:00:00.000Z', world.now()];
      const isSchedule = source.kind === 'schedule';
      const last = isSchedule ? undefined : pastEvents(world, { source }, from, to).at(-1);
      if (last === undefined) {
        const event = exampleEvent(source);
        return { origin: 'example', at: null, summary: null, note: null, event };
      }
      const { at, summary, document: event } = last;
      return { origin: 'seen', at, summary, note: null, event };
    },
    dryRunTrigger: ({ body }) => {
      const trigger = body.trigger ?? found(known, body.name ?? '');
      refuse(trigger);
      const { from, to } = body;
      const events = pastEvents(world, trigger, from, to);
      const items = rehearseTrigger({ ...trigger, inputSchema: {} }, events);
      const outcomes: Record<string, number> = {};
      for (const { outcome } of items) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      const wouldFire = items.filter((item) => item.wouldFire).length;
      const notes = ['deadlines of the next shot are those of the clock now, not of then'];
      return { from, to, looked: events.length, wouldFire, outcomes, items, isCut: false, notes };
    },
  };
}

/** The shots of the world as files, and the instants of schedules. */
function pastEvents(
  world: World,
  { source }: Pick<TriggerRequest, 'source'>,
  from: Instant,
  to: Instant,
): TriggerEvent[] {
  const base = { instrument: null, shotNumber: null, datasetId: null, depth: 0 };
  if (source.kind === 'schedule') {
    return scheduledBetween(source, from, to, 500).map((at) => ({
      ...base,
      ...{ kind: 'schedule', subject: 'schedule', at, key: at, summary: at, label: at },
      document: { kind: 'schedule', at, scheduledAt: at },
      basics: { scheduledAt: at },
    }));
  }
  if (source.kind !== 'file') return [];
  const instrument = world.instruments()[0] ?? null;
  return world
    .stories()
    .toReversed()
    .filter((story) => story.takenAt >= from && story.takenAt < to)
    .map((story): TriggerEvent => {
      const path = `/2026-11/shot_${story.number}.h5`;
      const file = `xpcs-raw:${path}`;
      const metadata = { frames: 1200, sample: { name: story.number % 3 ? 'silica' : 'gold' } };
      const basics: JsonObject = { file, dataset: story.ids.raw, shot: story.number };
      return {
        ...{ kind: 'file', subject: 'xpcs-sim', at: story.takenAt, key: story.ids.raw },
        ...{ summary: path, label: `shot ${story.number}`, basics },
        document: { ...basics, kind: 'file', path, name: path.slice(9), metadata },
        ...{ instrument, shotNumber: story.number, datasetId: story.ids.raw, depth: 0 },
      };
    });
}

function refuse(trigger: TriggerRequest): void {
  const faults = inspectTrigger(trigger);
  if (faults.length > 0) throw new DomainError('invalid', 'the trigger has faults', { faults });
  if (trigger.flowName !== 'gone') return;
  throw new DomainError('notFound', `there is no flow "${trigger.flowName}"`);
}

const noCounts = {
  ...{ fired: 0, queued: 0, superseded: 0, limited: 0, filtered: 0, failed: 0 },
  ...{ paused: 0, missed: 0, refused: 0, repeats: 0 },
};

function changeHandlers(world: World, known: Known): Handlers {
  const put = (trigger: TriggerReport, kind: string): TriggerReport => {
    known.triggers.set(trigger.name, trigger);
    world.note(`trigger.${kind}`, 'trigger', trigger.name);
    return trigger;
  };
  const plain = ({ counts, lastFiredAt, lastProblem, lastFirings, ...rest }: TriggerReport) => rest;
  return {
    saveTrigger: ({ params, body }) => {
      refuse(body);
      const name = params.trigger;
      const before = known.triggers.get(name);
      const { runAs = before?.runAs ?? ada.name, project = 'demo', ...rules } = body;
      const at = world.now();
      const pause = rules.enabled ? null : { reason: 'it was saved switched off', by: 'ada', at };
      const { source } = body;
      const saved: TriggerReport = {
        ...{ counts: noCounts, lastFiredAt: null, lastProblem: null, lastFirings: [] },
        ...{ id: fixedId('trigger', Date.now(), 77), createdAt: at, queuedEvents: 0 },
        ...before,
        ...rules,
        ...{ name, project: before?.project ?? project, runAs, pause },
        nextDueAt: source.kind === 'schedule' ? nextScheduled(source, at) : null,
      };
      const isNewHook = source.kind === 'webhook' && before?.source.kind !== 'webhook';
      return { ...plain(put(saved, 'saved')), secret: isNewHook ? 'iphook_pretend0secret' : null };
    },
    deleteTrigger: ({ params }) => {
      known.triggers.delete(found(known, params.trigger).name);
      world.note('trigger.deleted', 'trigger', params.trigger);
      return undefined;
    },
    pauseTrigger: ({ params, body }) => {
      const pause = { reason: body.reason, by: ada.name, at: world.now() };
      const trigger = { ...found(known, params.trigger), enabled: false, pause, nextDueAt: null };
      return plain(put(trigger, 'paused'));
    },
    resumeTrigger: ({ params }) =>
      plain(put({ ...found(known, params.trigger), enabled: true, pause: null }, 'resumed')),
    rotateTriggerSecret: ({ body }) => ({
      secret: 'iphook_pretend1secret',
      oldSecretUntil: body.graceSeconds === 0 ? null : addSeconds(world.now(), body.graceSeconds),
    }),
    fireTrigger: ({ params }) => {
      const trigger = found(known, params.trigger);
      const at = world.now();
      const flowRunId = (world.stories()[0]?.ids.flowRun ?? null) as TriggerFiring['flowRunId'];
      const key = `by hand ${at}`;
      const firing: TriggerFiring = {
        ...{ trigger: trigger.name, key, summary: 'fired by hand', outcome: 'fired' },
        ...{ reason: null, flowRunId, repeats: 0, at },
      };
      known.firings.set(trigger.name, [firing, ...(known.firings.get(trigger.name) ?? [])]);
      world.note('trigger.fired', 'trigger', trigger.name);
      return { key, outcome: 'fired', reason: null, flowRunId };
    },
  };
}
