import { resourcesSchema } from '@interpulse/domain/app/app.ts';
import type { PlacementStrategy } from '@interpulse/domain/job/job.ts';
import { placeJobs } from '@interpulse/domain/placement/place-jobs.ts';
import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import type { DueWork, JobToPlace, SiteSnapshot } from '@interpulse/domain/placement/snapshot.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import type { Arrival } from './draw-arrivals.ts';
import { Heap } from './heap.ts';
import { publishedFacility, routes, type Route } from './published-facility.ts';
import { randomOf, type Random } from './random.ts';

const { nodesPerSite, inputBytes, tasksPerRoute, jobsPerTask } = publishedFacility;

/** What a day came to. */
export interface DayResult {
  arrived: number;
  ended: number;
  inTime: number;
  /** Of all jobs, from arrival to the results' return, in seconds. */
  meanSeconds: number;
}

interface SimJob extends Arrival {
  id: number;
  site: Site;
  route: RouteState;
  placedAt: number;
  startedAt: number;
}

interface RouteState extends Route {
  waiting: Heap<SimJob>;
  tasks: number;
  overheadSeconds: number;
  /** The logarithm of a task's rate: mean and standard deviation. */
  logRate: { mean: number; sd: number };
}

/** A moving average as the store keeps it (`observe_runtimes`; `observe_link`: time of a byte). */
interface Learned {
  samples: number;
  value: number;
}

interface Site {
  name: string;
  routes: Map<string, RouteState>;
  ready: Heap<SimJob>;
  freeNodes: number;
  /** Jobs that are placed and have not ended; of them, those that still need a node. */
  open: number;
  needing: Set<SimJob>;
  run: Learned;
  /** Seconds of a byte by source, from order to arrival; and of results on their way back. */
  links: Map<string, Learned>;
  returns: Map<string, Learned>;
}

type Step = { at: number; act: () => void };

/** Results are small; the learned rate of returns carries the whole time of one. */
const outputBytes = 50e6;
/** Of the time that results take to return, as the logarithm's standard deviation; assumed. */
const outSpread = 0.1;
const dueLooks = { most: 200, nearSeconds: 5 };

/** Runs a day of arrivals with a strategy; the placer sees only what was observed so far. */
export function simulateDay(
  arrivals: readonly Arrival[],
  strategy: PlacementStrategy,
  seed: number,
): DayResult {
  const world = new World(strategy, randomOf(seed));
  return world.run(arrivals);
}

class World {
  readonly #strategy: PlacementStrategy;
  readonly #random: Random;
  readonly #steps = new Heap<Step>(({ at }) => at);
  readonly #sites: Site[];
  readonly #result: DayResult;
  #now = 0;
  #turn = 0;
  #seconds = 0;

  constructor(strategy: PlacementStrategy, random: Random) {
    this.#strategy = strategy;
    this.#random = random;
    this.#sites = publishedFacility.sites.map((name) => siteOf(name));
    this.#result = { arrived: 0, ended: 0, inTime: 0, meanSeconds: 0 };
  }

  run(arrivals: readonly Arrival[]): DayResult {
    const rounds = Map.groupBy(arrivals, ({ atSeconds }) => atSeconds);
    for (const [at, batch] of rounds) this.#steps.push({ at, act: () => this.#place(batch) });
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      this.#now = step.at;
      step.act();
    }
    return { ...this.#result, meanSeconds: this.#seconds / Math.max(1, this.#result.ended) };
  }

  #place(batch: readonly Arrival[]): void {
    // As the store hands them to placing: those with the earliest deadline first.
    const jobs = batch.toSorted((a, b) => a.deadlineSeconds - b.deadlineSeconds);
    const asked = jobs.map((job, index) => jobToPlace(job, { index, strategy: this.#strategy }));
    const snapshots = this.#sites.map(snapshotOf);
    const now = instantAt(this.#now);
    const placements = placeJobs(asked, snapshots, { now, limits: [], turn: this.#turn });
    this.#turn += 1;
    for (const [index, { siteId }] of placements.entries()) {
      const site = this.#sites.find(({ name }) => name === siteId);
      const arrival = jobs[index];
      const route = arrival && site?.routes.get(arrival.source);
      if (!arrival || !site || !route) throw new Error(`job ${index} was not placed`);
      const id = this.#result.arrived;
      this.#result.arrived += 1;
      site.open += 1;
      const job = { ...arrival, id, site, route, placedAt: this.#now, startedAt: 0 };
      site.needing.add(job);
      route.waiting.push(job);
    }
    for (const site of this.#sites) for (const route of site.routes.values()) this.#move(route);
  }

  /** Starts tasks of the mover on a route while it may have more. */
  #move(route: RouteState): void {
    while (route.tasks < tasksPerRoute && route.waiting.size > 0) {
      const batch: SimJob[] = [];
      while (batch.length < jobsPerTask) {
        const job = route.waiting.pop();
        if (job === undefined) break;
        batch.push(job);
      }
      route.tasks += 1;
      const { mean, sd } = route.logRate;
      const drawn = Math.exp(mean + sd * this.#random.normal());
      const rate = Math.min(route.rate.max, Math.max(route.rate.min, drawn)) * 1e6;
      const seconds = route.overheadSeconds + (batch.length * inputBytes) / rate;
      this.#after(seconds, () => {
        route.tasks -= 1;
        for (const job of batch) this.#staged(job);
        this.#move(route);
      });
    }
  }

  #staged(job: SimJob): void {
    const { site } = job;
    learn(site.links, job.source, (this.#now - job.placedAt) / inputBytes);
    site.ready.push(job);
    this.#start(site);
  }

  /** Nodes go to what is ready, the earliest deadline first. */
  #start(site: Site): void {
    while (site.freeNodes > 0) {
      const job = site.ready.pop();
      if (job === undefined) return;
      site.freeNodes -= 1;
      job.startedAt = this.#now;
      const { runSeconds, runSpread } = job.route;
      this.#after(runSeconds * Math.exp(runSpread * job.runNormal), () => this.#ran(job));
    }
  }

  #ran(job: SimJob): void {
    const { site, route } = job;
    site.freeNodes += 1;
    site.needing.delete(job);
    observe(site.run, this.#now - job.startedAt);
    const seconds = route.stageOutSeconds * Math.exp(outSpread * job.outNormal);
    this.#after(seconds, () => {
      site.open -= 1;
      learn(site.returns, job.source, seconds / outputBytes);
      this.#result.ended += 1;
      this.#seconds += this.#now - job.atSeconds;
      if (this.#now <= job.deadlineSeconds) this.#result.inTime += 1;
    });
    this.#start(site);
  }

  #after(seconds: number, act: () => void): void {
    this.#steps.push({ at: this.#now + seconds, act });
  }
}

function siteOf(name: string): Site {
  const own = routes
    .filter(({ site }) => site === name)
    .map((route) => [route.source, routeOf(route)] as const);
  return {
    name,
    routes: new Map(own),
    ready: new Heap(({ deadlineSeconds }) => deadlineSeconds),
    freeNodes: nodesPerSite,
    open: 0,
    needing: new Set(),
    run: { samples: 0, value: 0 },
    links: new Map(),
    returns: new Map(),
  };
}

function routeOf(route: Route): RouteState {
  const { mean, sd } = route.rate;
  // The log-normal distribution with this mean and standard deviation.
  const variance = Math.log(1 + (sd / mean) ** 2);
  const logMean = Math.log(mean) - variance / 2;
  const alone = inputBytes / (Math.exp(logMean) * 1e6);
  return {
    ...route,
    waiting: new Heap(({ deadlineSeconds }) => deadlineSeconds),
    tasks: 0,
    // What of the published median of one job is not the bytes' own time.
    overheadSeconds: Math.max(1, route.stageInSeconds - alone),
    logRate: { mean: logMean, sd: Math.sqrt(variance) },
  };
}

const dayStart = Date.parse('2026-11-21T00:00:00.000Z');

function instantAt(seconds: number): string {
  return fromMilliseconds(dayStart + Math.round(seconds * 1000));
}

const resources = resourcesSchema.parse({ walltimeSeconds: 3600 });
const code = { '*': { digest: `sha256:${'0'.repeat(64)}`, shellText: false } };

function jobToPlace(
  { source, deadlineSeconds }: Arrival,
  { index, strategy }: { index: number; strategy: PlacementStrategy },
): JobToPlace {
  return {
    ...{ id: String(index), app: 'xpcs', code, appSites: null, project: 'demo', site: 'any' },
    ...{ resources, urgency: 'normal', allocation: null, restartable: false, strategy },
    deadlineAt: instantAt(deadlineSeconds),
    inputBytes: { [source]: inputBytes },
    returnCollection: source,
  };
}

function snapshotOf(site: Site): SiteSnapshot {
  const { name, run, open, needing, freeNodes } = site;
  const known = run.samples > 0;
  const cores = needing.size;
  const pool = {
    ...{ name: 'default', account: null, paused: false, maxPilots: 1, maxNodes: nodesPerSite },
    ...{ walltimeSeconds: 2 * 86_400, coresPerNode: 1, gpusPerNode: 0, memoryBytesPerNode: 0 },
    urgencies: ['urgent' as const, 'normal' as const, 'backfill' as const],
    coresTotal: nodesPerSite,
    coresBusy: nodesPerSite - freeNodes,
    pilotStartSeconds: 60,
  };
  return {
    ...{ id: name, name, labels: [], status: 'up', statusReason: null, hasCompute: true },
    ...{ allowsCommands: false, apps: { allow: 'all', digests: [] }, launcher: null },
    ...{ maintenance: [], collections: [], brokenReason: null, pools: [pool] },
    backlogJobs: open,
    backlogCores: { urgent: 0, normal: cores, backfill: 0 },
    backlogCoreSeconds: {
      urgent: 0,
      normal: cores * (known ? run.value : assumptions.runSeconds),
      backfill: 0,
    },
    backlogDue: dueWork(needing),
    runSeconds: known ? { xpcs: run.value } : {},
    outputBytes: { xpcs: outputBytes },
    bytesPerSecond: ratesOf(site.links),
    returnBytesPerSecond: ratesOf(site.returns),
  };
}

/** As the store reads it: the first that are due, those near each other together. */
function dueWork(jobs: Iterable<SimJob>): DueWork[] {
  const due = Array.from(jobs, ({ deadlineSeconds }) => deadlineSeconds);
  const byStep = new Map<number, number>();
  for (const at of due.sort((a, b) => a - b).slice(0, dueLooks.most)) {
    const step = Math.floor(at / dueLooks.nearSeconds) * dueLooks.nearSeconds;
    byStep.set(step, (byStep.get(step) ?? 0) + 1);
  }
  return [...byStep].map(([step, cores]) => ({ urgency: 'normal', dueAt: instantAt(step), cores }));
}

function ratesOf(learned: ReadonlyMap<string, Learned>): Record<string, number> {
  return Object.fromEntries([...learned].map(([name, { value }]) => [name, 1 / value]));
}

function learn(all: Map<string, Learned>, name: string, value: number): void {
  const known = all.get(name) ?? { samples: 0, value: 0 };
  observe(known, value);
  all.set(name, known);
}

function observe(learned: Learned, value: number): void {
  learned.samples += 1;
  learned.value += (value - learned.value) * Math.max(0.2, 1 / learned.samples);
}
