import type { RouteOutput } from '@interpulse/api/routes/all-routes.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { isJobEnd } from '@interpulse/domain/job/job-state.ts';
import type { Ensemble } from '@interpulse/domain/job/job.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { ada, page, type Handlers } from './answering.ts';
import type { KnownJob } from './blank-job.ts';
import { ensembleCell, ensembleJob, type EnsembleStory } from './ensemble-story.ts';
import { cancelAll } from './job-handlers.ts';
import type { World } from './world.ts';

type Details = RouteOutput<'getEnsemble'>;

function jobsOf(world: World, story: EnsembleStory): KnownJob[] {
  const now = Date.now();
  return story.jobIds.map((_, index) => ensembleJob(story, index, now, world.interference));
}

function viewOf(story: EnsembleStory, jobs: KnownJob[]): Ensemble {
  const counts: Ensemble['counts'] = {};
  for (const { job } of jobs) counts[job.state] = (counts[job.state] ?? 0) + 1;
  const hasEnded = jobs.every(({ job }) => isJobEnd(job.state));
  const ends = jobs.flatMap(({ job }) => job.endedAt ?? []).sort();
  return {
    id: story.id,
    label: story.label,
    project: 'demo',
    owner: story.owner,
    tags: story.tags,
    total: story.total,
    counts,
    createdAt: fromMilliseconds(story.createdMilliseconds),
    endedAt: hasEnded ? (ends.at(-1) ?? null) : null,
  };
}

function failuresOf(jobs: KnownJob[]): Details['failures'] {
  const failed = jobs.filter(({ job }) => job.state === 'failed');
  const groups = Map.groupBy(failed, ({ job }) => JSON.stringify([job.reason, job.exitCode]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { reason, exitCode, id } = first.job;
    return [{ reason: reason ?? '', exitCode, count: group.length, exampleJobId: id }];
  });
}

function bySiteOf(jobs: KnownJob[]): Details['bySite'] {
  const placed = jobs.filter(({ job }) => job.siteName !== null);
  const groups = Map.groupBy(placed, ({ job }) => job.siteName ?? '');
  return [...groups].map(([siteName, group]) => {
    const count = (state: string) => group.filter(({ job }) => job.state === state).length;
    return {
      siteName,
      completed: count('completed'),
      failed: count('failed'),
      active: count('active'),
    };
  });
}

function runSecondsOf(jobs: KnownJob[]): Details['runSeconds'] {
  const seconds = jobs
    .filter(({ job }) => job.state === 'completed')
    .map(({ job }) => (Date.parse(job.endedAt ?? '') - Date.parse(job.startedAt ?? '')) / 1000)
    .sort((a, b) => a - b);
  const at = (part: number) => seconds[Math.floor(part * (seconds.length - 1))] ?? 0;
  return seconds.length === 0 ? null : { p50: at(0.5), p90: at(0.9), longest: at(1) };
}

/** Ensembles: lists, one with its figures, its grid, its end. */
export function ensembleHandlers(world: World): Handlers {
  const storyOf = (id: string) => {
    const story = world.ensembles.find((each) => each.id === id);
    if (story === undefined) throw new DomainError('notFound', `there is no ${id}`);
    return story;
  };
  return {
    listEnsembles: ({ query }) =>
      page(
        world.ensembles
          .map((story) => viewOf(story, jobsOf(world, story)))
          .filter(
            (each) =>
              (query.open !== true || each.endedAt === null) &&
              (query.mine !== true || each.owner === ada.name) &&
              each.label.includes(query.label ?? ''),
          ),
        query,
      ),
    getEnsemble: ({ params }) => {
      const story = storyOf(params.ensembleId);
      const jobs = jobsOf(world, story);
      return {
        ensemble: viewOf(story, jobs),
        runSeconds: runSecondsOf(jobs),
        failures: failuresOf(jobs),
        bySite: bySiteOf(jobs),
      };
    },
    getEnsembleGrid: ({ params }) => {
      const story = storyOf(params.ensembleId);
      const now = Date.now();
      const cells = story.jobIds.map((_, index) =>
        ensembleCell(story, index, now, world.interference),
      );
      return {
        jobIds: story.jobIds,
        states: cells.map(({ state }) => state),
        runSeconds: cells.map(({ runSeconds }) => runSeconds),
      };
    },
    cancelEnsemble: ({ params }) => ({
      canceled: cancelAll(world, jobsOf(world, storyOf(params.ensembleId))),
    }),
  };
}
