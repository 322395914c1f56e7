import type { Resources } from '../app/app.ts';
import type { Urgency } from '../job/urgency.ts';
import type { Maintenance, PoolOffer, PoolSettings } from '../site/site.ts';
import type { Instant } from '../time.ts';
import type { PilotState } from './pilot.ts';

/** What the decision sees of one pilot. */
export interface PilotSeen {
  id: string;
  state: PilotState;
  nodes: number;
  /** What the jobs that it holds ask for, of all its nodes together. */
  busyCores: number;
  busyGpus: number;
  busyMemoryBytes: number;
  idleSinceAt: Instant | null;
  /** When its walltime is over; null until it runs. */
  endsAt: Instant | null;
}

/**
 * Jobs of one shape that are placed at the site and wait there for a pilot, or for inputs; those
 * too that a pilot keeps at hand and cannot begin yet.
 */
export interface JobsWaiting {
  count: number;
  resources: Resources;
  urgency: Urgency;
  allocation: string | null;
  restartable: boolean;
}

/** What the decision sees of one pool of a site. */
export interface PoolNeeds {
  pool: Omit<PoolOffer, 'settings'>;
  settings: PoolSettings;
  /** The most that the site allows. */
  limits: PoolSettings;
  pilots: readonly PilotSeen[];
  /** All work that waits at the site; the pool takes what suits it. */
  waiting: readonly JobsWaiting[];
}

/** What the decision sees of one site. */
export interface SiteNeeds {
  open: boolean;
  maintenance: readonly Pick<Maintenance, 'startsAt' | 'endsAt' | 'reason'>[];
  pools: readonly PoolNeeds[];
}

/** Which pilots a pool submits and lets go, with the reason for people. */
export interface PoolPlan {
  pool: string;
  submit: { nodes: number; walltimeSeconds: number }[];
  release: string[];
  reason: string;
}
