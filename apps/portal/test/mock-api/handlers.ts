import type { OperationId, RouteInput, RouteOutput } from '@interpulse/api/routes/all-routes.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Dataset } from '@interpulse/domain/dataset/dataset.ts';
import type { FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import { fixedId } from './shot-story.ts';
import { g2Preview } from './g2-preview.ts';
import { hdf5Attributes, hdf5Entity, hdf5Value } from './hdf5-tree.ts';
import {
  filesOf,
  flowDefinition,
  flowRunView,
  isPast,
  logView,
  rawDataset,
  resultDataset,
  shotView,
  stepsView,
  transfersView,
} from './story-views.ts';
import { eventsOfShot, type World } from './world.ts';

/** Answers of the routes that the portal uses; bytes come as a Buffer. */
export type Handlers = {
  [O in OperationId]?: (input: RouteInput<O>) => RouteOutput<O> | Buffer;
};

/** One page of a list by keyset: the cursor is the place of the last row. */
function page<T>(rows: T[], query: { limit: number; cursor?: string | undefined }) {
  const from = query.cursor === undefined ? 0 : Number(query.cursor);
  const to = from + query.limit;
  return { items: rows.slice(from, to), next: to < rows.length ? String(to) : null };
}

const runStatuses: Record<string, FlowRun['status'][]> = {
  all: ['ACTIVE', 'INACTIVE', 'SUCCEEDED', 'FAILED', 'ENDED'],
  active: ['ACTIVE'],
  waiting: ['INACTIVE'],
  failed: ['FAILED'],
  completed: ['SUCCEEDED'],
};

/** The principal that every code and cookie of the mock stands for. */
export const ada = {
  id: fixedId('user', 0, 1),
  name: 'ada',
  kind: 'user' as const,
  admin: true,
  projects: { demo: 'manager' as const, 'soft-matter': 'member' as const },
};

function runHandlers(world: World): Handlers {
  const runs = () => {
    const now = world.now();
    return world
      .stories()
      .filter((story) => isPast(story.runStartedAt, now))
      .map((story) => withCancel(flowRunView(story, now)));
  };
  const withCancel = (run: FlowRun): FlowRun => {
    const at = world.canceled.get(run.id);
    if (at === undefined) return run;
    return { ...run, status: 'ENDED', reason: 'canceled by ada', stateName: null, endedAt: at };
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
            runStatuses[query.filter]?.includes(run.status) &&
            (query.mine !== true || run.owner === ada.name) &&
            (query.flow === undefined || run.flowName === query.flow) &&
            run.label.includes(query.label ?? ''),
        ),
        query,
      ),
    getFlowRun: ({ params }) => {
      const story = world.story('flowRun', params.flowRunId);
      const flowRun = withCancel(flowRunView(story, world.now()));
      return {
        flowRun,
        definition: flowDefinition,
        steps: stepsView(story, flowRun.endedAt ?? world.now()),
        input: { file: `xpcs-raw:/2026-11/shot_${story.number}.h5`, shot: story.number },
        output: flowRun.endedAt === null ? null : { status: flowRun.status },
      };
    },
    getFlowRunLog: ({ params, query }) =>
      page(logView(world.story('flowRun', params.flowRunId), world.now()), query),
    cancelFlowRun: ({ params }) => cancelRun(params.flowRunId),
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

function jobHandlers(world: World): Handlers {
  return {
    listJobs: ({ query }) => {
      const states = query.state?.split(',') ?? [];
      const rows = world
        .jobs()
        .filter(
          ({ job }) =>
            (states.length === 0 ||
              states.includes(job.state) ||
              (query.state === 'open' && job.endedAt === null)) &&
            (query.site === undefined || job.siteName === query.site) &&
            (query.app === undefined || job.app === query.app) &&
            (query.flowRun === undefined || job.flowRunId === query.flowRun) &&
            (query.mine !== true || job.owner === ada.name) &&
            job.label.includes(query.label ?? ''),
        );
      return page(
        rows.map(({ job }) => job),
        query,
      );
    },
    getJob: ({ params }) => {
      const { job, attempts } = world.job(params.jobId);
      return { job, attempts };
    },
    explainJob: ({ params }) => world.job(params.jobId).explanation,
    getJobLog: ({ params, query }) => {
      const text = world.job(params.jobId)[query.stream];
      return { text, sizeBytes: text.length, attempt: query.attempt ?? 1 };
    },
    cancelJob: ({ params }) => {
      world.canceled.set(world.job(params.jobId).job.id, world.now());
      return world.job(params.jobId).job;
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

function placeHandlers(world: World): Handlers {
  const siteNamed = (name: string) => {
    const site = world.sites.find((each) => each.name === name);
    if (site === undefined) throw new DomainError('notFound', `there is no site ${name}`);
    return site;
  };
  const loaded = (name: string) => {
    siteNamed(name);
    return world.loadedSites().filter((each) => each.name === name)[0] ?? siteNamed(name);
  };
  return {
    listSites: ({ query }) => page(world.loadedSites(), query),
    getSite: ({ params }) => loaded(params.site),
    updateSite: ({ params, body }) => {
      const site = siteNamed(params.site);
      if (body.pool?.maxPilots !== undefined && body.pool.maxPilots > 100) {
        throw new DomainError('invalid', `${site.name} allows at most 100 pilots`);
      }
      for (const [key, value] of Object.entries(body.pool ?? {})) {
        if (value !== undefined) Object.assign(site.pool, { [key]: value });
      }
      if (body.closed !== undefined) {
        site.status = body.closed ? 'closed' : 'up';
        site.statusReason = body.closed ? (body.reason ?? null) : null;
      }
      return loaded(params.site);
    },
    listPilots: ({ query }) =>
      page(
        world.pilots.filter((pilot) => query.site === undefined || pilot.siteName === query.site),
        query,
      ),
    listCollections: ({ query }) => page(world.collections, query),
    listApps: ({ query }) => page(world.apps, query),
    listInstruments: ({ query }) => page(world.instruments(), query),
    listShots: ({ params, query }) => {
      const now = world.now();
      const stories = params.instrument === 'xpcs-sim' ? world.stories() : [];
      return page(
        stories.map((story) => shotView(story, now)),
        query,
      );
    },
  };
}

function accessHandlers(world: World): Handlers {
  const view = (token: World['tokens'][number]) => ({ ...token, owner: ada.name, usedAt: null });
  return {
    getHealth: () => ({ status: 'ok', version: '0.1.0', now: world.now() }),
    whoAmI: () => ada,
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
    ...placeHandlers(world),
    ...runHandlers(world),
    ...jobHandlers(world),
    ...catalogHandlers(world),
  };
}
