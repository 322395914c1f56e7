import { DomainError } from '@interpulse/domain/error.ts';
import type { HistoryEvent, SubjectType } from '@interpulse/domain/event/event.ts';
import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import type { WebInput } from '@interpulse/domain/web-input/web-input.ts';
import { addSeconds, fromMilliseconds, type Instant } from '@interpulse/domain/time.ts';
import type { PlacementLimit } from '@interpulse/domain/site/site.ts';
import type { KnownJob } from './blank-job.ts';
import { ensembleJob, makeEnsembles, type Interference } from './ensemble-story.ts';
import { makeApps } from './fixed-apps.ts';
import { makePilots } from './fixed-pilots.ts';
import { makeCollections, makeSites } from './fixed-sites.ts';
import { growingLog, shotJob, standingJobs, withParents } from './job-views.ts';
import { makeWebInputs } from './web-input-handlers.ts';
import { fixedId, tellShot, type ShotStory, type StoryOptions } from './shot-story.ts';

/** Shots that lie in the past when the world begins. */
const pastShots = 60;
const firstNumber = 1201;

/** A pretend facility whose state is a function of the time, but for what callers change. */
export class World {
  readonly options: StoryOptions;
  readonly startMilliseconds = Date.now();
  readonly sites = makeSites(this.startMilliseconds);
  readonly collections = makeCollections(this.sites);
  readonly pilots = makePilots(this.sites, this.startMilliseconds);
  readonly apps = makeApps(fromMilliseconds(this.startMilliseconds - 86_400_000 * 9));
  readonly ensembles = makeEnsembles(this.startMilliseconds);
  readonly submitted: KnownJob[] = [];
  limits: PlacementLimit[] = [
    { project: 'demo', site: null, app: null, maxJobs: 600, maxCores: null },
    { project: null, site: 'alpha', app: 'tomo-reconstruct', maxJobs: null, maxCores: 256 },
  ];
  readonly tokens: { id: string; label: string; createdAt: Instant; expiresAt: Instant | null }[] =
    [];
  readonly canceled = new Map<string, Instant>();
  readonly retried = new Map<string, Instant>();
  /** What happened because somebody asked for it. */
  readonly asked: HistoryEvent[] = [];
  readonly standing = standingJobs(this.startMilliseconds);
  /** Of the flow run of the second shot: that of the first is left as it is. */
  readonly webInputs: WebInput[];

  constructor(periodSeconds: number) {
    // A quarter of a period is over at the start, so that pages begin with a shot under way.
    const firstAtMilliseconds =
      this.startMilliseconds - Math.round((pastShots - 0.75) * periodSeconds * 1000);
    this.options = { periodSeconds, firstNumber, firstAtMilliseconds, fates: new Map() };
    const { flowRun } = tellShot(this.options, firstNumber + 1).ids;
    this.webInputs = makeWebInputs(this.startMilliseconds, flowRun);
  }

  /** The instant by this world's clock. */
  now(): Instant {
    return fromMilliseconds(Date.now());
  }

  lastNumber(): number {
    const passed = Date.now() - this.options.firstAtMilliseconds;
    return this.options.firstNumber + Math.floor(passed / 1000 / this.options.periodSeconds);
  }

  /** Goes on so far that this part of the period is over since the newest shot. */
  passTo(part: number): void {
    const { options } = this;
    const periodMilliseconds = options.periodSeconds * 1000;
    const passed = (Date.now() - options.firstAtMilliseconds) % periodMilliseconds;
    options.firstAtMilliseconds -= Math.round(part * periodMilliseconds - passed);
  }

  /** Stories of all shots taken, newest first. */
  stories(): ShotStory[] {
    const length = this.lastNumber() - this.options.firstNumber + 1;
    return Array.from({ length }, (_, back) => tellShot(this.options, this.lastNumber() - back));
  }

  /** The story with an id in it. */
  story(of: keyof ShotStory['ids'], id: string): ShotStory {
    const found = this.stories().find((story) => story.ids[of] === id);
    if (found === undefined) throw new DomainError('notFound', `there is no ${id}`);
    return found;
  }

  jobs(): KnownJob[] {
    const now = this.now();
    const ofShots = this.stories().flatMap((story) => shotJob(story, now) ?? []);
    const others = [...ofShots, ...this.#standingNow(), ...this.submitted]
      .map((known) => this.#withCancel(known))
      .sort((a, b) => (a.job.createdAt < b.job.createdAt ? 1 : -1));
    // Older than all the others, and many: they need no sorting.
    return [...others, ...this.#ofEnsembles()];
  }

  get interference(): Interference {
    return { canceledAt: this.canceled, retriedAt: this.retried };
  }

  #ofEnsembles(): KnownJob[] {
    const now = Date.now();
    const { interference } = this;
    return this.ensembles.flatMap((story) =>
      story.jobIds.map((_, index) => ensembleJob(story, index, now, interference)),
    );
  }

  #standingNow(): KnownJob[] {
    const [moved, child, ...rest] = this.standing;
    if (moved === undefined || child === undefined) return this.standing;
    const started = Date.parse(moved.job.startedAt ?? '');
    const ids = this.ensembles[0]?.jobIds ?? [];
    const parents = [moved.job.id, ...ids.slice(4990, 4992)];
    return [
      { ...moved, stdout: growingLog(started, Date.now()) },
      withParents(child, parents),
      ...rest,
    ];
  }

  /** Notes what was asked for, and tells it to those who listen. */
  note(kind: string, subjectType: SubjectType, subjectId: string): void {
    const at = this.now();
    const place = String(this.asked.length).padStart(6, '0');
    this.asked.push({
      cursor: `${Date.parse(at)}.999.${place}`,
      at,
      kind,
      subjectType,
      subjectId,
      project: 'demo',
      flowRunId: null,
      actor: 'ada',
      data: {},
    });
  }

  job(id: string): KnownJob {
    const found = this.jobs().find((known) => known.job.id === id);
    if (found === undefined) throw new DomainError('notFound', `there is no ${id}`);
    return found;
  }

  #withCancel(known: KnownJob): KnownJob {
    const { id } = known.job;
    const canceledAt = this.canceled.get(id);
    const retriedAt = this.retried.get(id);
    if (retriedAt !== undefined && retriedAt > (canceledAt ?? '')) {
      const blank = { state: 'queued', reason: null, endedAt: null, exitCode: null } as const;
      return { ...known, job: { ...known.job, ...blank, stateSinceAt: retriedAt } };
    }
    if (canceledAt === undefined) return known;
    const ended = { state: 'canceled', reason: 'canceled by ada', endedAt: canceledAt } as const;
    return { ...known, job: { ...known.job, ...ended } };
  }

  instruments(): Instrument[] {
    const { periodSeconds } = this.options;
    const last = tellShot(this.options, this.lastNumber());
    const base = {
      siteName: 'xpcs-beamline',
      collection: 'xpcs-raw',
      project: 'demo',
      status: 'up' as const,
    };
    return [
      {
        ...base,
        id: fixedId('instrument', 0, 1),
        name: 'xpcs-sim',
        title: 'XPCS simulator',
        returnTo: 'xpcs-answers:/',
        periodSeconds,
        lastShotNumber: last.number,
        lastShotAt: last.takenAt,
        nextShotAt: addSeconds(last.takenAt, periodSeconds),
      },
      {
        ...base,
        id: fixedId('instrument', 0, 2),
        name: 'tomo-bench',
        title: 'Tomography bench',
        returnTo: '',
        periodSeconds: null,
        lastShotNumber: null,
        lastShotAt: null,
        nextShotAt: null,
        status: 'silent',
      },
    ];
  }

  /** Sites with the load of this moment; gamma has its own troubles. */
  loadedSites() {
    const open = this.jobs().filter(({ job }) => job.endedAt === null);
    return this.sites.map((site) => {
      const seenAt = site.status === 'silent' ? site.seenAt : this.now();
      if (site.name === 'gamma') return { ...site, seenAt };
      const here = open.filter(({ job }) => job.siteName === site.name);
      const count = (...states: string[]) =>
        here.filter(({ job }) => states.includes(job.state)).length;
      const active = count('active');
      const pools = site.pools.map((pool) => {
        const coresBusy = Math.min(
          pool.counts.coresTotal,
          Math.floor((active * 8) / Math.max(1, site.pools.length - 1)),
        );
        return { ...pool, counts: { ...pool.counts, coresBusy } };
      });
      const coresBusy = pools.reduce((sum, pool) => sum + pool.counts.coresBusy, 0);
      const jobs = { active, ready: count('ready'), queued: count('placed', 'stagingIn') };
      return { ...site, seenAt, pools, counts: { ...site.counts, ...jobs, coresBusy } };
    });
  }

  /** What happened between two instants (the first not included), in order. */
  eventsBetween(from: Instant, to: Instant): HistoryEvent[] {
    const ofShots = this.stories()
      .filter((story) => addSeconds(story.returnedAt, 1) > from)
      .flatMap((story) => eventsOfShot(story));
    return [...ofShots, ...this.asked]
      .filter((event) => event.at > from && event.at <= to)
      .sort((a, b) => (a.cursor < b.cursor ? -1 : 1));
  }
}

/** Everything that happens to a shot, as events; the cursor sorts by time. */
export function eventsOfShot(story: ShotStory): HistoryEvent[] {
  const { ids } = story;
  const isGood = story.fate !== 'failed';
  const plan: [Instant, string, SubjectType, string, HistoryEvent['data']?][] = [
    [story.takenAt, 'shot.taken', 'shot', `xpcs-sim/${story.number}`],
    [story.takenAt, 'dataset.registered', 'dataset', ids.raw],
    [story.runStartedAt, 'flowRun.started', 'flowRun', ids.flowRun],
    [story.moveStartedAt, 'transfer.started', 'transfer', ids.transferIn],
    [story.movedAt, 'transfer.succeeded', 'transfer', ids.transferIn],
    [story.movedAt, 'job.submitted', 'job', ids.job],
    [story.jobPlacedAt, 'job.placed', 'job', ids.job, { site: story.site }],
    [story.jobReadyAt, 'job.ready', 'job', ids.job],
    [story.jobStartedAt, 'job.started', 'job', ids.job, { host: `${story.site}-node-017` }],
  ];
  if (isGood) {
    plan.push(
      [story.jobEndedAt, 'job.completed', 'job', ids.job, { exitCode: 0 }],
      [story.publishedAt, 'dataset.registered', 'dataset', ids.result],
      [story.publishedAt, 'shot.answered', 'shot', `xpcs-sim/${story.number}`],
      [story.returnedAt, 'transfer.succeeded', 'transfer', ids.transferBack],
      [story.returnedAt, 'flowRun.succeeded', 'flowRun', ids.flowRun],
    );
  } else {
    plan.push(
      [story.jobEndedAt, 'job.failed', 'job', ids.job, { exitCode: 1 }],
      [story.jobEndedAt, 'flowRun.failed', 'flowRun', ids.flowRun],
    );
  }
  return plan.map(([at, kind, subjectType, subjectId, data], index) => ({
    cursor: `${Date.parse(at)}.${String(index).padStart(3, '0')}.${story.number}`,
    at,
    kind,
    subjectType,
    subjectId,
    project: 'demo',
    flowRunId: ids.flowRun,
    actor: 'xpcs-service',
    data: data ?? {},
  }));
}
