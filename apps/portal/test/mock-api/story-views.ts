import type { z } from 'zod';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { datasetFileSchema, datasetSchema } from '@interpulse/domain/dataset/dataset.ts';
import type { InstrumentRun, Shot } from '@interpulse/domain/instrument/instrument.ts';
import type { FlowLogEntry, FlowRun, FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import type { Transfer } from '@interpulse/domain/transfer/transfer.ts';
import { addSeconds, secondsBetween, type Instant } from '@interpulse/domain/time.ts';
import { fixedId, jitter, type ShotStory } from './shot-story.ts';

/** The flow that every shot starts, in the Globus Flows language. */
export const flowDefinition: JsonObject = {
  StartAt: 'MoveToSite',
  States: {
    MoveToSite: {
      Type: 'Action',
      ActionUrl: 'interpulse:transfer',
      Parameters: { items: [{ 'source.$': '$.input.file', destination: 'scratch:/shot.h5' }] },
      ResultPath: '$.Moved',
      Next: 'Correlate',
    },
    Correlate: {
      Type: 'Action',
      ActionUrl: 'interpulse:compute',
      Parameters: { app: 'xpcs-correlate', inputs: { frames: 'scratch:/shot.h5' } },
      ResultPath: '$.Correlated',
      Next: 'Publish',
    },
    Publish: { Type: 'Action', ActionUrl: 'interpulse:ingest', Next: 'ReturnAnswer' },
    ReturnAnswer: { Type: 'Action', ActionUrl: 'interpulse:transfer', End: true },
  },
};

/** True once an instant has passed. */
export const isPast = (at: Instant, now: Instant) => at <= now;

const rawFile = (story: ShotStory) => `xpcs-raw:/2026-11/shot_${story.number}.h5`;
const answerFile = (story: ShotStory) => `xpcs-answers:/2026-11/shot_${story.number}/result.h5`;

/** The shot as the hub lists it at an instant. */
export function shotView(story: ShotStory, now: Instant): Shot {
  const run = flowRunView(story, now);
  const isAnswered = run.resultDatasetId !== null;
  return {
    instrument: 'xpcs-sim',
    number: story.number,
    takenAt: story.takenAt,
    datasetId: story.ids.raw as Shot['datasetId'],
    flowRunId: isPast(story.runStartedAt, now) ? run.id : null,
    flowStatus: isPast(story.runStartedAt, now) ? run.status : null,
    resultDatasetId: run.resultDatasetId,
    deadlineAt: story.deadlineAt,
    answeredAt: isAnswered ? story.publishedAt : null,
    answerSeconds: isAnswered ? secondsBetween(story.takenAt, story.publishedAt) : null,
    inTime: isAnswered ? story.publishedAt <= story.deadlineAt : null,
  };
}

/** A shot's line in the run table: what was set, and what its flow run reported. */
export function instrumentRunView(story: ShotStory, now: Instant): InstrumentRun {
  const shot = shotView(story, now);
  const { flowRunId } = shot;
  const rate = 12 + 5 * jitter(story.number, 1);
  const report = { at: story.publishedAt, by: fixedId('user', 0, 1), flowRunId, jobId: null };
  const results = [
    { key: 'decay rate', value: rate, unit: '1/s', error: rate / 40, ...report },
    {
      key: 'contrast',
      value: 0.2 + 0.1 * jitter(story.number, 2),
      unit: null,
      error: null,
      ...report,
    },
    {
      key: 'verdict',
      value: rate > 14.5 ? 'ageing' : 'in equilibrium',
      unit: null,
      error: null,
      ...report,
    },
  ];
  return {
    ...shot,
    endedAt: addSeconds(story.takenAt, 0.5),
    parameters: {
      temperature: 295 + (Math.floor(story.number / 5) % 12),
      sample: story.number % 10 < 5 ? 'silica in water' : 'silica in glycerol',
      attenuator: story.number % 3 === 0 ? 'out' : 'in',
    },
    results: shot.answeredAt === null ? [] : results,
  };
}

/** The flow run of a shot at an instant. */
export function flowRunView(story: ShotStory, now: Instant): FlowRun {
  const hasFailed = story.fate === 'failed' && isPast(story.jobEndedAt, now);
  const hasEnded = hasFailed || isPast(story.returnedAt, now);
  const steps = stepsView(story, now);
  const status = hasFailed ? 'FAILED' : hasEnded ? 'SUCCEEDED' : 'ACTIVE';
  const isWaiting = isPast(story.jobPlacedAt, now) && !isPast(story.jobStartedAt, now);
  const isPublished = story.fate !== 'failed' && isPast(story.publishedAt, now);
  return {
    id: story.ids.flowRun as FlowRun['id'],
    flowName: 'xpcs-live',
    flowVersion: 3,
    label: `xpcs-sim shot ${story.number}`,
    project: 'demo',
    owner: 'xpcs-service',
    status,
    reason: hasFailed
      ? 'Correlate: the job failed with exit code 1: no beam in 98 of 100 frames'
      : isWaiting
        ? `waits for a free pilot at ${story.site}`
        : null,
    stateName: hasEnded ? null : (steps.at(-1)?.stateName ?? null),
    urgency: 'urgent',
    deadlineAt: story.deadlineAt,
    instrument: 'xpcs-sim',
    shotNumber: story.number,
    datasetId: story.ids.raw as FlowRun['datasetId'],
    resultDatasetId: isPublished ? (story.ids.result as FlowRun['resultDatasetId']) : null,
    blockingWebInputId: null,
    managers: [],
    monitors: [],
    trigger: null,
    batchId: null,
    rerunOf: null,
    startState: null,
    tags: { technique: 'xpcs' },
    startedAt: story.runStartedAt,
    endedAt: hasFailed ? story.jobEndedAt : hasEnded ? story.returnedAt : null,
    predictedFinishAt: null,
    stepsDone: steps.filter((step) => step.status === 'succeeded').length,
    stepsTotal: 4,
  };
}

/** The steps entered by an instant. */
export function stepsView(story: ShotStory, now: Instant): FlowStep[] {
  const { ids } = story;
  const plan = [
    ['MoveToSite', story.runStartedAt, story.movedAt, { transferId: ids.transferIn }],
    ['Correlate', story.movedAt, story.jobEndedAt, { jobId: ids.job }],
    ['Publish', story.jobEndedAt, story.publishedAt, {}],
    ['ReturnAnswer', story.publishedAt, story.returnedAt, { transferId: ids.transferBack }],
  ] as const;
  const isCut = (index: number) => story.fate === 'failed' && index > 1;
  return plan.flatMap(([stateName, startedAt, endsAt, work], index): FlowStep[] => {
    if (!isPast(startedAt, now) || isCut(index)) return [];
    const hasEnded = isPast(endsAt, now);
    const hasFailed = story.fate === 'failed' && stateName === 'Correlate';
    const action =
      stateName === 'Correlate' ? 'job' : 'Publish' === stateName ? 'publish' : 'transfer';
    return [
      {
        sequence: index + 1,
        stateName,
        stateType: 'Action',
        status: hasEnded ? (hasFailed ? 'failed' : 'succeeded') : 'active',
        provider: `interpulse:${action}`,
        jobId: ('jobId' in work ? work.jobId : null) as FlowStep['jobId'],
        ensembleId: null,
        transferId: ('transferId' in work ? work.transferId : null) as FlowStep['transferId'],
        input: { shot: story.number, file: rawFile(story), site: story.site },
        result: hasEnded ? { status: hasFailed ? 'FAILED' : 'SUCCEEDED', files: 1 } : null,
        omitted: [],
        reason: hasEnded && hasFailed ? 'no beam in 98 of 100 frames' : null,
        startedAt,
        endedAt: hasEnded ? endsAt : null,
      },
    ];
  });
}

/** The log lines written by an instant, with Globus' codes. */
export function logView(story: ShotStory, now: Instant): FlowLogEntry[] {
  const lines: [Instant, string, string][] = [
    [story.runStartedAt, 'FlowStarted', 'The flow run started'],
  ];
  for (const step of stepsView(story, now)) {
    lines.push([step.startedAt, 'ActionStarted', `${step.stateName} started`]);
    if (step.endedAt === null) continue;
    const code = step.status === 'failed' ? 'ActionFailed' : 'ActionCompleted';
    lines.push([step.endedAt, code, `${step.stateName}: ${step.reason ?? 'completed'}`]);
  }
  const run = flowRunView(story, now);
  if (run.endedAt !== null) {
    const code = run.status === 'FAILED' ? 'FlowFailed' : 'FlowSucceeded';
    lines.push([run.endedAt, code, run.reason ?? 'The flow run completed']);
  }
  return lines.map(([at, code, description], index) => ({
    sequence: index + 1,
    at,
    code,
    description,
    details: null,
  }));
}

/** The transfers begun by an instant: to the site, and the answer back. */
export function transfersView(story: ShotStory, now: Instant): Transfer[] {
  const make = (back: boolean): Transfer[] => {
    const startedAt = back ? story.returnStartedAt : story.moveStartedAt;
    const endsAt = back ? story.returnedAt : story.movedAt;
    const sizeBytes = back ? 2_400_000 : 812_000_000;
    if (!isPast(startedAt, now) || (back && story.fate === 'failed')) return [];
    const hasEnded = isPast(endsAt, now);
    const scratch = `${story.site}-scratch`;
    return [
      {
        id: (back ? story.ids.transferBack : story.ids.transferIn) as Transfer['id'],
        label: `shot ${story.number}`,
        project: 'demo',
        owner: 'xpcs-service',
        jobId: null,
        flowRunId: story.ids.flowRun as Transfer['flowRunId'],
        source: back ? scratch : 'xpcs-raw',
        destination: back ? 'xpcs-answers' : scratch,
        items: [
          { source: rawFile(story), destination: `${scratch}:/in/shot.h5`, recursive: false },
        ],
        state: hasEnded ? 'succeeded' : 'active',
        reason: null,
        attempt: 1,
        bytesDone: hasEnded ? sizeBytes : Math.round(sizeBytes / 3),
        bytesTotal: sizeBytes,
        filesDone: hasEnded ? 1 : 0,
        createdAt: back ? story.publishedAt : story.runStartedAt,
        startedAt,
        endedAt: hasEnded ? endsAt : null,
      },
    ];
  };
  return [...make(false), ...make(true)];
}

type Dataset = z.output<typeof datasetSchema>;
type DatasetFile = z.output<typeof datasetFileSchema>;

/** The raw dataset of a shot. */
export function rawDataset(story: ShotStory): Dataset {
  return {
    id: story.ids.raw as Dataset['id'],
    title: `xpcs-sim shot ${story.number}`,
    kind: 'raw',
    project: 'demo',
    owner: 'xpcs-service',
    instrument: 'xpcs-sim',
    shotNumber: story.number,
    flowRunId: null,
    jobId: null,
    derivedFrom: [],
    metadata: {
      sample: { name: 'latex spheres, 1 µm', temperature: { value: 293.4, unit: 'K' } },
      beam: { photonEnergyElectronvolts: 8979, attenuators: [0, 2, 5] },
      detector: { name: 'pretend 4M', frameSeconds: 0.001, frames: 100 },
    },
    keywords: ['xpcs', 'colloid'],
    fileCount: 1,
    sizeBytes: 812_000_000,
    hasPreview: false,
    createdAt: story.takenAt,
  };
}

/** The result of a shot. */
export function resultDataset(story: ShotStory): Dataset {
  return {
    ...rawDataset(story),
    id: story.ids.result as Dataset['id'],
    title: `Correlation of xpcs-sim shot ${story.number}`,
    kind: 'result',
    flowRunId: story.ids.flowRun as Dataset['flowRunId'],
    jobId: story.ids.job as Dataset['jobId'],
    derivedFrom: [story.ids.raw as Dataset['id']],
    metadata: {
      ...rawDataset(story).metadata,
      analysis: { app: 'xpcs-correlate', rings: 4, levels: 8 },
    },
    keywords: ['xpcs', 'g2', 'colloid'],
    sizeBytes: 2_400_000,
    hasPreview: true,
    createdAt: story.publishedAt,
  };
}

/** The files of a dataset of a shot. */
export function filesOf(story: ShotStory, dataset: Dataset): DatasetFile[] {
  const location = dataset.kind === 'raw' ? rawFile(story) : answerFile(story);
  const xxh3 = dataset.kind === 'raw' ? 'a94f3b21c07e5d68' : '5be0cd191f83d9ab';
  return [
    {
      location,
      sizeBytes: dataset.sizeBytes,
      modifiedAt: dataset.createdAt,
      xxh3: `${xxh3}${story.number.toString(16).padStart(16, '0')}`,
    },
  ];
}
