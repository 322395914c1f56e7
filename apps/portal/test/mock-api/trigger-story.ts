import { addSeconds, type Instant } from '@interpulse/domain/time.ts';
import { nextScheduled } from '@interpulse/domain/trigger/schedule.ts';
import { triggerRequestSchema, type TriggerReport } from '@interpulse/domain/trigger/trigger.ts';
import type { TriggerFiring } from '@interpulse/domain/trigger/trigger-firing.ts';
import { fixedId } from './shot-story.ts';
import type { World } from './world.ts';

interface Told {
  trigger: TriggerReport;
  firings: TriggerFiring[];
}

type Counts = TriggerReport['counts'];
const noCounts: Counts = {
  ...{ fired: 0, queued: 0, superseded: 0, limited: 0, filtered: 0, failed: 0 },
  ...{ paused: 0, missed: 0, refused: 0, repeats: 0 },
};

/** Triggers of every kind: those that fire, one that is paused, one that paused itself. */
export function makeTriggers(world: World): Told[] {
  const at = world.now();
  const make = (
    number: number,
    name: string,
    request: object,
    more: Partial<TriggerReport> & { firings?: TriggerFiring[] } = {},
  ): Told => {
    const { firings = [], ...given } = more;
    const { source, ...rules } = triggerRequestSchema.parse(request);
    const { project = 'demo', runAs = 'xpcs-service' } = rules;
    const trigger: TriggerReport = {
      ...rules,
      ...{ source, id: fixedId('trigger', 0, number), name, project, runAs, pause: null },
      nextDueAt: source.kind === 'schedule' ? nextScheduled(source, at) : null,
      ...{ queuedEvents: 0, createdAt: addSeconds(at, -86_400 * 40), counts: noCounts },
      lastFiredAt: firings.find(({ outcome }) => outcome === 'fired')?.at ?? null,
      ...{ lastProblem: null, lastFirings: firings.slice(0, 10), ...given },
    };
    return { trigger, firings };
  };
  return [shotTrigger(world, make), ...instrumentTriggers(at, make), ...otherTriggers(at, make)];
}

type Make = (
  number: number,
  name: string,
  request: object,
  more?: Partial<TriggerReport> & { firings?: TriggerFiring[] },
) => Told;

function shotTrigger(world: World, make: Make): Told {
  const trigger = 'every-scan';
  const firings = world.stories().map((story, place): TriggerFiring => {
    const path = `/2026-11/shot_${story.number}.h5`;
    const isFiltered = place % 9 === 4;
    return {
      ...{ trigger, key: story.ids.raw, summary: path, at: story.takenAt },
      outcome: isFiltered ? 'filtered' : 'fired',
      reason: isFiltered ? '"metadata.frames > 100" is not true for it' : null,
      flowRunId: isFiltered ? null : (story.ids.flowRun as TriggerFiring['flowRunId']),
      repeats: place === 2 ? 3 : 0,
    };
  });
  const source = { kind: 'file', instrument: 'xpcs-sim', pattern: '/2026-11/*.h5' };
  const counts = { ...noCounts, fired: 1204, filtered: 131, limited: 12, repeats: 3 };
  return make(
    1,
    trigger,
    {
      ...{ source, flowName: 'xpcs-live', when: 'metadata.frames > 100' },
      ...{ label: "'shot ' + str(shot)", tags: { beamline: '8-id' } },
      input: { input: { 'file.$': '$.file', 'frames.=': 'metadata.frames - 10', fine: false } },
      rateLimit: { most: 2, perSeconds: 60, beyond: 'latest' },
    },
    { firings, counts },
  );
}

const firing = (trigger: string, at: Instant, more: Partial<TriggerFiring>): TriggerFiring => ({
  ...{ trigger, at, key: at, summary: at, outcome: 'fired', reason: null, flowRunId: null },
  repeats: 0,
  ...more,
});

function instrumentTriggers(at: Instant, make: Make): Told[] {
  const power = 'heating-on';
  const dark = 'dark-field';
  const why = 'the flow refuses its input at input.dark: is missing';
  const failures = Array.from({ length: 10 }, (_, place) =>
    firing(dark, addSeconds(at, -4000 - place * 120), {
      ...{ key: `end ${311 - place}`, summary: `end of run ${311 - place}` },
      ...{ outcome: 'failed', reason: why },
    }),
  );
  const beam = { reason: 'detector is being changed, back at 16:00', by: 'grace' };
  return [
    make(
      2,
      power,
      {
        source: {
          ...{ kind: 'parameter', instrument: 'xpcs-sim', name: 'attenuator' },
          ...{ range: { least: 2 }, changes: true },
        },
        ...{ flowName: 'survey', deadline: 300, urgency: 'normal' },
      },
      {
        ...{ enabled: false, pause: { ...beam, at: addSeconds(at, -2500) } },
        firings: [
          firing(power, addSeconds(at, -1200), {
            ...{ summary: 'run 1240, attenuator', outcome: 'paused' },
            reason: 'the trigger is paused: detector is being changed, back at 16:00',
          }),
        ],
        counts: { ...noCounts, fired: 4, paused: 2 },
      },
    ),
    make(
      3,
      dark,
      {
        ...{ source: { kind: 'run', instrument: 'tomo-bench', on: 'end' } },
        ...{ flowName: 'survey', deadline: { 'at.=': 'run.parameters.nextShotAt' } },
      },
      {
        enabled: false,
        pause: { reason: `10 failures in a row: ${why}`, by: null, at: addSeconds(at, -4000) },
        firings: failures,
        counts: { ...noCounts, failed: 10, fired: 31 },
      },
    ),
  ];
}

function otherTriggers(at: Instant, make: Make): Told[] {
  const nightly = 'nightly-report';
  const sample = 'sample-changed';
  return [
    make(
      4,
      nightly,
      {
        source: { kind: 'schedule', cron: '30 2 * * 1-5', timeZone: 'Europe/Berlin' },
        ...{ flowName: 'survey', deadline: 'none', urgency: 'backfill' },
      },
      {
        firings: [firing(nightly, addSeconds(at, -40_000), { summary: 'due at 02:30' })],
        counts: { ...noCounts, fired: 1, missed: 1 },
      },
    ),
    make(
      5,
      sample,
      {
        ...{ source: { kind: 'webhook' }, flowName: 'survey', deadline: 'none' },
        dedupKey: 'body.sample',
      },
      {
        firings: [
          firing(sample, addSeconds(at, -900), {
            ...{ summary: 'delivery 7f3a', outcome: 'refused', reason: 'the signature is wrong' },
          }),
        ],
        counts: { ...noCounts, fired: 17, refused: 2, queued: 1 },
        queuedEvents: 1,
      },
    ),
    make(6, 'gold-registered', {
      source: {
        ...{ kind: 'dataset', datasetKind: 'result', keywords: ['saxs'] },
        where: [
          { path: 'sample.name', oneOf: ['gold', 'silver'] },
          { path: 'energy', range: { least: 7, most: 9 } },
        ],
      },
      ...{ flowName: 'survey', deadline: 'none', urgency: 'normal', runAs: 'ada' },
    }),
    make(
      7,
      'after-survey',
      {
        source: { kind: 'flow', flowName: 'survey', on: ['FAILED', 'ENDED'] },
        ...{ flowName: 'xpcs-live', deadline: 'none' },
      },
      {
        lastProblem: { at: addSeconds(at, -300), reason: 'flow "xpcs-live" asks for input.file' },
        counts: { ...noCounts, failed: 1, fired: 3 },
      },
    ),
  ];
}
