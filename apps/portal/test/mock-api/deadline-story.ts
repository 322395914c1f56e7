import type { FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import {
  predictFlowRun,
  type FlowRunPrediction,
} from '@interpulse/domain/flow/predict-flow-run.ts';
import type { InstrumentTiming } from '@interpulse/domain/instrument/shot-timing.ts';
import { sumUpTiming } from '@interpulse/domain/instrument/sum-up-timing.ts';
import { timeShot, type TimedWork } from '@interpulse/domain/instrument/time-shot.ts';
import { secondsBetween, type Instant } from '@interpulse/domain/time.ts';
import type { ShotStory } from './shot-story.ts';
import { flowDefinition, flowRunView, isPast, shotView, stepsView } from './story-views.ts';

/** What a usual shot takes, in parts of the period. */
const usualParts = { MoveToSite: 0.11, Correlate: 0.31, Publish: 0.01, ReturnAnswer: 0.04 };

/** How the flow run of a shot is expected to go on, as a hub that has seen many foretells it. */
export function predictionView(story: ShotStory, now: Instant): FlowRunPrediction | null {
  const steps = stepsView(story, now);
  const current = steps.find(({ endedAt }) => endedAt === null);
  if (current === undefined) return null;
  const period = secondsBetween(story.takenAt, story.deadlineAt);
  const times = Object.fromEntries(
    Object.entries(usualParts).map(([state, part]) => {
      const seconds = part * period;
      return [state, { seconds, slowSeconds: seconds * 3, visits: 1 }];
    }),
  );
  const place = { state: current.stateName, enteredAt: current.startedAt };
  const definition = flowDefinition as unknown as FlowDefinition;
  return predictFlowRun(definition, times, { place, deadlineAt: story.deadlineAt }, now);
}

/** How shots stood to their deadlines, newest first. */
export function timingView(
  instrument: string,
  periodSeconds: number | null,
  stories: readonly ShotStory[],
  now: Instant,
): InstrumentTiming {
  const shots = stories.map((story) => {
    const run = flowRunView(story, now);
    const { flowRunId, flowStatus, answeredAt } = shotView(story, now);
    return timeShot({
      number: story.number,
      takenAt: story.takenAt,
      closedAt: new Date(Date.parse(story.takenAt) + 8).toISOString(),
      noticedAt: story.runStartedAt,
      deadlineAt: story.deadlineAt,
      answeredAt,
      flowRunId,
      flowStatus,
      flowStartedAt: isPast(story.runStartedAt, now) ? run.startedAt : null,
      flowEndedAt: run.endedAt,
      work: workOf(story),
    });
  });
  return sumUpTiming(instrument, periodSeconds, shots);
}

function workOf(story: ShotStory): TimedWork[] {
  return [
    { piece: 'transferring', from: story.moveStartedAt, to: story.movedAt },
    { piece: 'waiting', from: story.jobPlacedAt, to: story.jobStartedAt },
    { piece: 'running', from: story.jobStartedAt, to: story.jobEndedAt },
    { piece: 'publishing', from: story.jobEndedAt, to: story.publishedAt },
    { piece: 'returning', from: story.returnStartedAt, to: story.returnedAt },
  ];
}
