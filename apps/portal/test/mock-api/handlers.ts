import { DomainError } from '@interpulse/domain/error.ts';
import type { Dataset } from '@interpulse/domain/dataset/dataset.ts';
import type { FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import { ada, page, type Handlers } from './answering.ts';
import { countSteps } from './count-steps.ts';
import { predictionView, timingView } from './deadline-story.ts';
import { ensembleHandlers } from './ensemble-handlers.ts';
import { jobHandlers } from './job-handlers.ts';
import { flowHandlers } from './flow-handlers.ts';
import { fixedId } from './shot-story.ts';
import { siteHandlers } from './site-handlers.ts';
import { g2Preview } from './g2-preview.ts';
import { hdf5Attributes, hdf5Entity, hdf5Value } from './hdf5-tree.ts';
import {
  filesOf,
  flowDefinition,
  flowRunView,
  instrumentRunView,
  isPast,
  logView,
  rawDataset,
  resultDataset,
  shotView,
  stepsView,
  transfersView,
} from './story-views.ts';
import { batchHandlers } from './batch-handlers.ts';
import { noticesAtFirst } from './notice-story.ts';
import { triggerHandlers } from './trigger-handlers.ts';
import { webInputHandlers } from './web-input-handlers.ts';
import { eventsOfShot, type World } from './world.ts';

const runStatuses: Record<string, FlowRun['status'][]> = {
  all: ['ACTIVE', 'INACTIVE', 'SUCCEEDED', 'FAILED', 'ENDED'],
  active: ['ACTIVE'],
  waiting: ['INACTIVE'],
  failed: ['FAILED'],
  completed: ['SUCCEEDED'],
};

/** Whether a flow run is of a quick filter. */
function isOf(run: FlowRun, filter: string, now: string): boolean {
  const { status, deadlineAt, endedAt, predictedFinishAt } = run;
  if (filter === 'late') return deadlineAt !== null && deadlineAt < (endedAt ?? now);
  if (filter === 'willBeLate') {
    return endedAt === null && deadlineAt !== null && deadlineAt < (predictedFinishAt ?? now);
  }
  return runStatuses[filter]?.includes(status) ?? false;
}

/** A flow run as it is after somebody canceled it. */
function applyCancel(world: World, run: FlowRun): FlowRun {
  const at = world.canceled.get(run.id);
  if (at === undefined) return run;
  return { ...run, status: 'ENDED', reason: 'canceled by ada', stateName: null, endedAt: at };
}

function runHandlers(world: World): Handlers {
  const withCancel = (run: FlowRun): FlowRun => applyCancel(world, run);
  const runs = () => {
    const now = world.now();
    return world
      .stories()
      .filter((story) => isPast(story.runStartedAt, now))
      .map((story): FlowRun => {
        const run = withCancel(flowRunView(story, now));
        const prediction = run.endedAt === null ? predictionView(story, now) : null;
        return { ...run, predictedFinishAt: prediction?.finishAt ?? null };
      });
  };
  const cancelRun = (id: string): FlowRun => {
    const story = world.story('flowRun', id);
    world.canceled.set(id, world.now());
    world.canceled.set(story.ids.job, world.now());
    return withCancel(flowRunView(story, world.now()));
  };
  return {
    listFlowRuns: ({ query }) =>
      page(
        runs().filter(
          (run) =>
            isOf(run, query.filter, world.now()) &&
            (query.mine !== true || run.owner === ada.name) &&
            (query.flow === undefined || run.flowName === query.flow) &&
            run.label.includes(query.label ?? ''),
        ),
        query,
      ),
    getFlowRun: ({ params }) => {
      const story = world.story('flowRun', params.flowRunId);
      const flowRun = withCancel(flowRunView(story, world.now()));
      const steps = stepsView(story, flowRun.endedAt ?? world.now());
      const prediction = flowRun.endedAt === null ? predictionView(story, world.now()) : null;
      return {
        flowRun: { ...flowRun, predictedFinishAt: prediction?.finishAt ?? null },
        prediction,
        definition: flowDefinition,
        steps,
        ...countSteps(steps),
        takenOver: [],
        input: { file: `xpcs-raw:/2026-11/shot_${story.number}.h5`, shot: story.number },
        output: flowRun.endedAt === null ? null : { status: flowRun.status },
        outputBytes: flowRun.endedAt === null ? null : 30,
      };
    },
    getFlowRunLog: ({ params, query }) => {
      const lines = logView(world.story('flowRun', params.flowRunId), world.now());
      return page(query.newestFirst ? lines.toReversed() : lines, query);
    },
    cancelFlowRun: ({ params }) => cancelRun(params.flowRunId),
  };
}

function transferHandlers(world: World): Handlers {
  return {
    listTransfers: ({ query }) => {
      const now = world.now();
      const rows = world.stories().flatMap((story) => transfersView(story, now));
      return page(
        rows.filter((row) => query.flowRun === undefined || row.flowRunId === query.flowRun),
        query,
      );
    },
  };
}

function catalogHandlers(world: World): Handlers {
  const published = () => {
    const now = world.now();
    return world.stories().flatMap((story): Dataset[] => {
      const hasResult = story.fate !== 'failed' && isPast(story.publishedAt, now);
      return [...(hasResult ? [resultDataset(story)] : []), rawDataset(story)];
    });
  };
  const storyOf = (id: string) =>
    world.stories().find((story) => story.ids.raw === id) ?? world.story('result', id);
  return {
    listDatasets: ({ query }) =>
      page(
        published().filter(
          (dataset) =>
            (query.kind === undefined || dataset.kind === query.kind) &&
            (query.instrument === undefined || dataset.instrument === query.instrument) &&
            JSON.stringify(dataset)
              .toLowerCase()
              .includes((query.q ?? '').toLowerCase()),
        ),
        query,
      ),
    getDataset: ({ params }) => {
      const story = storyOf(params.datasetId);
      const isRaw = story.ids.raw === params.datasetId;
      const dataset = isRaw ? rawDataset(story) : resultDataset(story);
      const hasResult = published().some((each) => each.id === story.ids.result);
      return {
        dataset,
        files: filesOf(story, dataset),
        sources: isRaw ? [] : [rawDataset(story)],
        results: isRaw && hasResult ? [resultDataset(story)] : [],
      };
    },
    getDatasetPreview: ({ params }) => {
      const story = world.story('result', params.datasetId);
      return g2Preview(story.number);
    },
    getDatasetFile: () => Buffer.from('pretend bytes'),
    getHdf5Entity: ({ query }) => hdf5Entity(query.path),
    getHdf5Attributes: ({ query }) => hdf5Attributes(query.path),
    getHdf5Value: ({ query }) => hdf5Value(query.path, query.selection, query.format),
    listEvents: ({ query }) => {
      const now = world.now();
      const all = world
        .stories()
        .toReversed()
        .flatMap((story) => eventsOfShot(story));
      return page(
        all.filter((event) => event.at <= now && event.subjectId === query.subjectId),
        query,
      );
    },
  };
}

function instrumentHandlers(world: World): Handlers {
  return {
    listInstruments: ({ query }) => page(world.instruments(), query),
    listShots: ({ params, query }) => {
      const now = world.now();
      const stories = params.instrument === 'xpcs-sim' ? world.stories() : [];
      return page(
        stories.map((story) => shotView(story, now)),
        query,
      );
    },
    getInstrumentTiming: ({ params, query }) => {
      const known = world.instruments().find(({ name }) => name === params.instrument);
      const stories = params.instrument === 'xpcs-sim' ? world.stories() : [];
      const last = stories.slice(0, query.shots);
      return timingView(params.instrument, known?.periodSeconds ?? null, last, world.now());
    },
    listRuns: ({ params, query }) => {
      const now = world.now();
      const stories = params.instrument === 'xpcs-sim' ? world.stories() : [];
      return page(
        stories.map((story) => instrumentRunView(story, now)),
        query,
      );
    },
  };
}

function accessHandlers(world: World): Handlers {
  const view = (token: World['tokens'][number]) => ({ ...token, owner: ada.name, usedAt: null });
  let notices = noticesAtFirst;
  return {
    getHealth: () => ({ status: 'ok', version: '0.1.0', now: world.now() }),
    whoAmI: () => ada,
    getNotices: () => notices,
    changeNotices: ({ body }) => {
      const { to = notices.to, on = notices.on } = body;
      const none = { lastSentAt: null, lastError: null, waiting: 0, dueAt: null };
      notices = { ...notices, to, on, standings: to.map((place) => ({ place, ...none })) };
      return notices;
    },
    testNotices: () => {
      const sent = { lastSentAt: world.now(), lastError: null, waiting: 0, dueAt: null };
      const standings = notices.to.map((place) => ({ place, ...sent }));
      return { ...notices, standings };
    },
    listTokens: ({ query }) => page(world.tokens.map(view), query),
    createToken: ({ body }) => {
      const id = fixedId('token', Date.now(), world.tokens.length + 1);
      const { label, expiresAt } = body;
      const token = { id, label, createdAt: world.now(), expiresAt };
      world.tokens.push(token);
      return { token: view(token), secret: `ip_${id.slice(-20)}` };
    },
    revokeToken: ({ params }) => {
      const index = world.tokens.findIndex((token) => token.id === params.tokenId);
      if (index < 0) throw new DomainError('notFound', `there is no token ${params.tokenId}`);
      world.tokens.splice(index, 1);
      return undefined;
    },
  };
}

/** Every answer of the mock. */
export function makeHandlers(world: World): Handlers {
  return {
    ...accessHandlers(world),
    ...instrumentHandlers(world),
    ...siteHandlers(world),
    ...runHandlers(world),
    ...transferHandlers(world),
    ...flowHandlers(world, runHandlers(world)),
    ...jobHandlers(world),
    ...ensembleHandlers(world),
    ...catalogHandlers(world),
    ...webInputHandlers(world),
    ...triggerHandlers(world),
    ...batchHandlers(world),
  };
}
