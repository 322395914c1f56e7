import { DomainError } from '@interpulse/domain/error.ts';
import type { HistoryEvent, SubjectType } from '@interpulse/domain/event/event.ts';
import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import { addSeconds, fromMilliseconds, type Instant } from '@interpulse/domain/time.ts';
import { apps, makeCollections, makePilots, makeSites } from './fixed-sites.ts';
import { shotJob, standingJobs, type KnownJob } from './job-views.ts';
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
  readonly apps = apps;
  readonly tokens: { id: string; label: string; createdAt: Instant; expiresAt: Instant | null }[] =
    [];
  readonly canceled = new Map<string, Instant>();
  readonly standing = standingJobs(this.startMilliseconds);

  constructor(periodSeconds: number) {
    // A quarter of a period is over at the start, so that pages begin with a shot under way.
    const firstAtMilliseconds =
      this.startMilliseconds - Math.round((pastShots - 0.75) * periodSeconds * 1000);
    this.options = { periodSeconds, firstNumber, firstAtMilliseconds, fates: new Map() };
  }

  /** The instant by this world's clock. */
  now(): Instant {
    return fromMilliseconds(Date.now());
  }

  lastNumber(): number {
    const passed = Date.now() - this.options.firstAtMilliseconds;
    return this.options.firstNumber + Math.floor(passed / 1000 / this.options.periodSeconds);
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
    return [...ofShots, ...this.standing]
      .map((known) => this.#withCancel(known))
      .sort((a, b) => (a.job.createdAt < b.job.createdAt ? 1 : -1));
  }

  job(id: string): KnownJob {
    const found = this.jobs().find((known) => known.job.id === id);
    if (found === undefined) throw new DomainError('notFound', `there is no ${id}`);
    return found;
  }

  #withCancel(known: KnownJob): KnownJob {
    const at = this.canceled.get(known.job.id);
    if (at === undefined) return known;
    const job = {
      ...known.job,
      state: 'canceled' as const,
      reason: 'canceled by ada',
      endedAt: at,
    };
    return { ...known, job };
  }

  instruments(): Instrument[] {
    const { periodSeconds } = this.options;
    const last = tellShot(this.options, this.lastNumber());
    const base = { siteName: 'xpcs-beamline', collection: 'xpcs-raw', status: 'up' as const };
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

  /** Sites with the load of this moment. */
  loadedSites() {
    const open = this.jobs().filter(({ job }) => job.endedAt === null);
    return this.sites.map((site) => {
      const here = open.filter(({ job }) => job.siteName === site.name);
      const active = here.filter(({ job }) => job.state === 'active').length;
      const ready = here.filter(({ job }) => job.state === 'ready').length;
      const coresBusy = Math.min(site.counts.coresTotal, active * 16 + (active > 0 ? 32 : 0));
      const seenAt = site.status === 'silent' ? site.seenAt : this.now();
      return { ...site, seenAt, counts: { ...site.counts, active, ready, coresBusy } };
    });
  }

  /** What happened between two instants (the first not included), in order. */
  eventsBetween(from: Instant, to: Instant): HistoryEvent[] {
    return this.stories()
      .filter((story) => addSeconds(story.returnedAt, 1) > from)
      .flatMap((story) => eventsOfShot(story))
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
