import type { Resources } from '../app/app.ts';
import type { PlacementStrategy, SiteWish } from '../job/job.ts';
import type { Urgency } from '../job/urgency.ts';
import type { AppPolicy, Launcher, Maintenance, PlacementLimit } from '../site/site.ts';
import type { Instant } from '../time.ts';

/** What placing sees of the code that a job runs at a site. */
export interface CodeSeen {
  /** `sha256:…` of the app's code there. */
  digest: string;
  /** Whether it brings text for a shell. */
  shellText: boolean;
}

/** What placing sees of one job. */
export interface JobToPlace {
  id: string;
  /** Null for a plain command. */
  app: string | null;
  /** The app's code by site name, `*` for sites without a variant; null for a plain command. */
  code: Record<string, CodeSeen> | null;
  /** The only sites that have the app; null for any. */
  appSites: readonly string[] | null;
  project: string;
  site: SiteWish;
  resources: Resources;
  urgency: Urgency;
  allocation: string | null;
  /** It may run with less time than it asks for. */
  restartable: boolean;
  /** As the job or the hub wants it. */
  strategy: PlacementStrategy;
  deadlineAt: Instant | null;
  /** Bytes of its inputs, by the name of the collection in which they lie. */
  inputBytes: Record<string, number>;
  /** The collection to which its outputs return; null when they stay. */
  returnCollection: string | null;
}

/** What placing sees of one pool of a site. */
export interface PoolSeen {
  name: string;
  urgencies: readonly Urgency[];
  account: string | null;
  paused: boolean;
  maxPilots: number;
  /** The most nodes of one pilot. */
  maxNodes: number;
  walltimeSeconds: number;
  coresPerNode: number;
  gpusPerNode: number;
  /** 0 when nobody knows. */
  memoryBytesPerNode: number;
  /** Cores of its running pilots. */
  coresTotal: number;
  /** Of those, cores on which something runs. */
  coresBusy: number;
  /** Seconds until a pilot runs that is submitted now, as seen. */
  pilotStartSeconds: number;
}

/** Placed work with a deadline. */
export interface DueWork {
  urgency: Urgency;
  /** Of several jobs whose deadlines are near each other, one of them. */
  dueAt: Instant;
  /** Of all nodes together. */
  cores: number;
}

/** What placing sees of one site; everything in it was observed, or said by its staff. */
export interface SiteSnapshot {
  id: string;
  name: string;
  labels: readonly string[];
  status: 'up' | 'silent' | 'closed';
  statusReason: string | null;
  hasCompute: boolean;
  allowsCommands: boolean;
  apps: AppPolicy;
  launcher: Launcher | null;
  pools: readonly PoolSeen[];
  /** Windows that have not ended. */
  maintenance: readonly Pick<Maintenance, 'startsAt' | 'endsAt' | 'reason'>[];
  /** Collections at the site: inputs there need no transfer. */
  collections: readonly string[];
  /** Jobs that are placed here and have not ended. */
  backlogJobs: number;
  /** Cores that they ask for, of all nodes together, by urgency; running ones included. */
  backlogCores: Record<Urgency, number>;
  /** Core-seconds of that work, by urgency. */
  backlogCoreSeconds: Record<Urgency, number>;
  /** Of that work, what has a deadline. */
  backlogDue: readonly DueWork[];
  /** Mean run time by app name (`''` for plain commands), in seconds, as seen at this site. */
  runSeconds: Record<string, number>;
  /** Mean bytes of outputs by app name, as seen anywhere. */
  outputBytes: Record<string, number>;
  /** Bytes per second from a collection to this site, as seen. */
  bytesPerSecond: Record<string, number>;
  /** Bytes per second from this site to a collection, as seen. */
  returnBytesPerSecond: Record<string, number>;
  /** Why work here has lately failed for the site's own reasons; null when it has not. */
  brokenReason: string | null;
}

/** A limit of placing, and what is placed under it and has not ended. */
export interface LimitUse extends PlacementLimit {
  jobs: number;
  cores: number;
}

/** A job that was placed after what is known of the sites was read. */
export interface PlacedSince {
  job: JobToPlace;
  siteId: string;
  runSeconds: number;
}

/** What placing needs besides jobs and sites. */
export interface PlacementRound {
  now: Instant;
  limits: readonly LimitUse[];
  /** Counts as work of its sites, and under the limits. */
  placedSince?: readonly PlacedSince[];
  /** Where the limits were read later than the sites: what counts under them instead. */
  countedSince?: readonly PlacedSince[];
  /** Counts up from round to round: where round robin goes on. */
  turn: number;
  /** Where jobs go that were recalled for it, by job id; elsewhere when it takes them no more. */
  moves?: ReadonlyMap<string, ChosenMove>;
}

/** What moving has decided for one job. */
export interface ChosenMove {
  toSiteId: string;
  /** Says from where, and why. */
  reason: string;
}

/** Seconds that each part of an answer is expected to take at a site. */
export interface Estimate {
  transferSeconds: number;
  waitSeconds: number;
  runSeconds: number;
  /** Until the outputs are back where they are wanted. */
  returnSeconds: number;
  finishAt: Instant;
  inTime: boolean;
}

/** Where a job goes, or why it goes nowhere; for every other site, why not. */
export interface Placement {
  jobId: string;
  siteId: string | null;
  estimate: Estimate | null;
  /** A sentence for people. */
  reason: string;
  /** It goes nowhere, and a site would take it if less ran under a limit. */
  waitsForLimit: boolean;
  considered: { siteName: string; estimate: Estimate | null; refusal: string | null }[];
}
